package io.datapunk.archive.bag;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Files and their SHA-256, as {@code sha256sum} writes and checks them.
 *
 * @param digests 64 lower-case hex digits by the file's path; paths have no line breaks
 */
record Manifest(SortedMap<String, String> digests) {
    private static final Pattern LINE = Pattern.compile("([0-9a-f]{64})  (\\S.*)");

    Manifest(Map<String, String> digests) {
        this(new TreeMap<>(digests));
    }

    byte[] toBytes() {
        return digests.entrySet().stream()
                .map(file -> file.getValue() + "  " + file.getKey() + "\n")
                .collect(Collectors.joining())
                .getBytes(StandardCharsets.UTF_8);
    }

    /** @throws IOException where a line is none */
    static Manifest parse(byte[] bytes) throws IOException {
        SortedMap<String, String> digests = new TreeMap<>();
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (!text.endsWith("\n")) {
            throw new IOException("a manifest that does not end with a line feed was cut short");
        }
        for (String line : text.lines().toList()) {
            Matcher matcher = LINE.matcher(line);
            if (!matcher.matches()) {
                throw new IOException("a manifest has no line '" + line + "'");
            }
            if (digests.put(matcher.group(2), matcher.group(1)) != null) {
                throw new IOException("a manifest names " + matcher.group(2) + " twice");
            }
        }
        return new Manifest(digests);
    }
}
