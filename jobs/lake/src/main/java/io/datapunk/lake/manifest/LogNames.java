package io.datapunk.lake.manifest;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the names in a table's log say. */
final class LogNames {
    private static final Pattern COMMIT = Pattern.compile("(\\d{20})\\.json");
    private static final Pattern CHECKPOINT =
            Pattern.compile("(\\d{20})\\.checkpoint(?:\\.(\\d{10})\\.(\\d{10})|\\.([^.]+))?\\.(?:parquet|json)");
    private static final Pattern CHECKSUM = Pattern.compile("(\\d{20})\\.crc");

    private LogNames() {}

    static OptionalLong commit(String name) {
        Matcher matcher = COMMIT.matcher(name);
        return matcher.matches() ? OptionalLong.of(Long.parseLong(matcher.group(1))) : OptionalLong.empty();
    }

    static OptionalLong checksum(String name) {
        Matcher matcher = CHECKSUM.matcher(name);
        return matcher.matches() ? OptionalLong.of(Long.parseLong(matcher.group(1))) : OptionalLong.empty();
    }

    /**
     * A checkpoint, of which a file is a part.
     *
     * @param parts how many it has
     * @param id of one that is not the only one of its version
     */
    record Checkpoint(long version, int parts, String id) {}

    static Optional<Checkpoint> checkpoint(String name) {
        Matcher matcher = CHECKPOINT.matcher(name);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        return Optional.of(new Checkpoint(
                Long.parseLong(matcher.group(1)),
                matcher.group(3) == null ? 1 : Integer.parseInt(matcher.group(3)),
                matcher.group(4) == null ? "" : matcher.group(4)));
    }

    /** The version that a file beside the commits belongs to. */
    static OptionalLong beside(String name) {
        Optional<Checkpoint> checkpoint = checkpoint(name);
        return checkpoint.isPresent() ? OptionalLong.of(checkpoint.get().version()) : checksum(name);
    }
}
