package io.datapunk.lake.delta;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the names in a table's log say. */
public final class LogNames {
    private static final Pattern COMMIT = Pattern.compile("(\\d{20})\\.json");
    private static final Pattern CHECKPOINT =
            Pattern.compile("(\\d{20})\\.checkpoint(?:\\.(\\d{10})\\.(\\d{10})|\\.([^.]+))?\\.(?:parquet|json)");
    private static final Pattern CHECKSUM = Pattern.compile("(\\d{20})\\.crc");
    private static final Pattern ANY = Pattern.compile("(\\d{20})\\..+");

    private LogNames() {}

    /** The name of a version's commit. */
    public static String commitName(long version) {
        return String.format(Locale.ROOT, "%020d.json", version);
    }

    /** The version of which a file is the commit. */
    public static OptionalLong commit(String name) {
        return version(COMMIT, name);
    }

    /** The version of which a file is the checksum. */
    public static OptionalLong checksum(String name) {
        return version(CHECKSUM, name);
    }

    /** The version that a file belongs to, whatever it is. */
    static OptionalLong version(String name) {
        return version(ANY, name);
    }

    private static OptionalLong version(Pattern pattern, String name) {
        Matcher matcher = pattern.matcher(name);
        return matcher.matches() ? OptionalLong.of(Long.parseLong(matcher.group(1))) : OptionalLong.empty();
    }

    /**
     * A checkpoint, of which a file is a part.
     *
     * @param parts how many it has
     * @param id of one that is not the only one of its version
     */
    public record Checkpoint(long version, int parts, String id) {}

    /** Empty where a file is part of none. */
    public static Optional<Checkpoint> checkpoint(String name) {
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
    public static OptionalLong beside(String name) {
        Optional<Checkpoint> checkpoint = checkpoint(name);
        return checkpoint.isPresent() ? OptionalLong.of(checkpoint.get().version()) : checksum(name);
    }
}
