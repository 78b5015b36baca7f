package io.datapunk.lake.postgres;

import io.datapunk.lake.model.Sha256;
import io.datapunk.lake.postgres.ServerLog.LogFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How far PostgreSQL's log was read. Its bytes tell which file it was, and not its name: rotation gives a file another name,
 * and its name to another file.
 *
 * @param offset bytes of the file that were read
 * @param modifiedAt when the file was last written to
 * @param beginning SHA-256 of its first bytes, {@value #BEGINNING_BYTES} at most, and never more than were read
 */
record LogPlace(String file, long offset, Instant modifiedAt, String beginning) {
    private static final int BEGINNING_BYTES = 1024;

    /** What is read of a log that is met for the first time. */
    private static final long FIRST_BYTES = 16L << 20;

    private static final Pattern FORM = Pattern.compile("(\\d{1,18}) (\\d{1,15}) ([0-9a-f]{64}) ([^\n]+)\n");

    /** Where to go on reading. */
    record Unread(LogFile file, long offset) {}

    static LogPlace of(ServerLog log, LogFile file, long offset) throws IOException, SQLException {
        return new LogPlace(file.name(), offset, file.modifiedAt(), beginning(log, file.name(), offset));
    }

    /** Empty where it is none: then the log is read as if for the first time. */
    static Optional<LogPlace> parse(byte[] content) {
        Matcher matcher = FORM.matcher(new String(content, StandardCharsets.UTF_8));
        return matcher.matches()
                ? Optional.of(new LogPlace(
                        matcher.group(4),
                        Long.parseLong(matcher.group(1)),
                        Instant.ofEpochMilli(Long.parseLong(matcher.group(2))),
                        matcher.group(3)))
                : Optional.empty();
    }

    byte[] toBytes() {
        return (offset + " " + modifiedAt.toEpochMilli() + " " + beginning + " " + file + "\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    /** Of the newest file the end. */
    static List<Unread> first(List<LogFile> files) {
        return files.stream()
                .skip(Math.max(0, files.size() - 1))
                .map(file -> new Unread(file, Math.max(0, file.bytes() - FIRST_BYTES)))
                .toList();
    }

    /**
     * What was written since: the rest of the file and those after it. Where the file is gone, or was cut off and begun anew,
     * all that was written to since.
     */
    List<Unread> unread(ServerLog log) throws IOException, SQLException {
        List<LogFile> files = log.files();
        List<LogFile> byName = files.stream()
                .sorted(Comparator.comparing(found -> !found.name().equals(file)))
                .toList();
        for (LogFile found : byName) {
            if (found.bytes() >= offset && beginning(log, found.name(), offset).equals(beginning)) {
                List<Unread> unread = new ArrayList<>(List.of(new Unread(found, offset)));
                files.stream()
                        .skip(files.indexOf(found) + 1L)
                        .map(later -> new Unread(later, 0))
                        .forEach(unread::add);
                return unread;
            }
        }
        return files.stream()
                .filter(found -> found.modifiedAt().toEpochMilli() >= modifiedAt.toEpochMilli())
                .map(found -> new Unread(found, 0))
                .toList();
    }

    private static String beginning(ServerLog log, String file, long offset) throws IOException, SQLException {
        byte[] bytes = log.read(file, 0, (int) Math.min(offset, BEGINNING_BYTES));
        return Sha256.hex(bytes);
    }
}
