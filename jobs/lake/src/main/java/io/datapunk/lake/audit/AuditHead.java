package io.datapunk.lake.audit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How far the log had come when it was last closed properly; without it a log that lost its end would look whole.
 *
 * @param entries how many entries it had
 * @param bytes how long it was
 * @param hash leaf hash of the last entry
 */
record AuditHead(long entries, long bytes, String hash) {
    static final AuditHead EMPTY = new AuditHead(0, 0, AuditEntry.NO_HASH);
    private static final Pattern FORM = Pattern.compile("(\\d{1,18}) (\\d{1,18}) ([0-9a-f]{64})\n");

    /** Empty where the file is missing or is not a head. */
    static Optional<AuditHead> read(Path file) throws IOException {
        String text;
        try {
            text = Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        Matcher matcher = FORM.matcher(text);
        return matcher.matches()
                ? Optional.of(new AuditHead(
                        Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)), matcher.group(3)))
                : Optional.empty();
    }

    /** Replaces the file as a whole, durably. */
    void write(Path file) throws IOException {
        DurableFile.replace(file, (entries + " " + bytes + " " + hash + "\n").getBytes(StandardCharsets.US_ASCII));
    }
}
