package io.datapunk.lake.audit;

import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Writes an entry to the log when something is another than it was for the command before. A file beside the log remembers
 * it: a line {@code <name> <SHA-256 of the value>} for each name, sorted. The entry tells which names have changed; the values
 * are in neither.
 */
public final class ChangeWatch {
    /** Names in an entry, which must not grow without bounds. */
    private static final int MOST_NAMES = 1000;

    private final AuditLog log;
    private final Path file;
    private final String action;
    private final String named;

    /**
     * @param file that remembers
     * @param action of the entry
     * @param named what the entry calls the names
     */
    public ChangeWatch(AuditLog log, Path file, String action, String named) {
        this.log = log;
        this.file = file;
        this.action = action;
        this.named = named;
    }

    /**
     * Compares, and remembers; the first time there is nothing to compare with.
     *
     * @throws LakeException where the log cannot be written
     */
    public void look(Map<String, String> values, Instant now) {
        look(values, true, now);
    }

    /** As {@link #look}; that a name is new is no change. */
    public void lookAtKnown(Map<String, String> values, Instant now) {
        look(values, false, now);
    }

    private void look(Map<String, String> values, boolean newIsChange, Instant now) {
        SortedMap<String, String> current = new TreeMap<>();
        // A name with a line feed would be two lines.
        values.forEach((name, value) ->
                current.put(name.replace('\n', ' '), Sha256.hex(value.getBytes(StandardCharsets.UTF_8))));
        try {
            Optional<byte[]> remembered = AuditTrail.readIfExists(file);
            byte[] content = content(current);
            if (remembered.isPresent()) {
                SortedMap<String, String> before = parse(remembered.get());
                SortedSet<String> changed = changed(before, current);
                if (!newIsChange) {
                    changed.retainAll(before.keySet());
                }
                if (!changed.isEmpty()) {
                    log.append(event(changed, content, remembered.get(), now));
                }
            }
            // Killed before this, the next command writes the entry once more.
            if (remembered.isEmpty() || !Arrays.equals(remembered.get(), content)) {
                Files.createDirectories(file.getParent());
                DurableFile.replace(file, content);
            }
        } catch (IOException e) {
            throw LakeException.failed(
                    "what is to be told as " + action + " cannot be noticed",
                    e.getClass().getSimpleName() + ": " + e.getMessage(),
                    "make " + file + " readable and writable",
                    e);
        }
    }

    private AuditEvent event(SortedSet<String> changed, byte[] content, byte[] before, Instant now) {
        String names = changed.stream().limit(MOST_NAMES).collect(Collectors.joining(","));
        int more = changed.size() - MOST_NAMES;
        return new AuditEvent(
                now,
                "lake",
                action,
                "lake",
                Map.of(
                        named,
                        more > 0 ? names + " and " + more + " more" : names,
                        "sha256",
                        Sha256.hex(content),
                        "sha256_before",
                        Sha256.hex(before)));
    }

    private static SortedSet<String> changed(Map<String, String> before, Map<String, String> after) {
        SortedSet<String> changed = new TreeSet<>(before.keySet());
        changed.addAll(after.keySet());
        changed.removeIf(name -> Objects.equals(before.get(name), after.get(name)));
        return changed;
    }

    private static byte[] content(SortedMap<String, String> hashes) {
        StringBuilder content = new StringBuilder();
        hashes.forEach(
                (name, hash) -> content.append(name).append(' ').append(hash).append('\n'));
        return content.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static SortedMap<String, String> parse(byte[] content) {
        SortedMap<String, String> hashes = new TreeMap<>();
        new String(content, StandardCharsets.UTF_8).lines().forEach(line -> {
            int space = line.lastIndexOf(' ');
            hashes.put(line.substring(0, Math.max(space, 0)), line.substring(space + 1));
        });
        return hashes;
    }
}
