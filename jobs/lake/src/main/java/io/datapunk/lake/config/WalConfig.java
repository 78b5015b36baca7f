package io.datapunk.lake.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Where the embedded server's write-ahead log (WAL) is archived, so that PostgreSQL can be brought to any moment.
 *
 * @param archive absolute folder; empty: nowhere
 * @param timeout after which a piece of the log is archived even where it is not full
 * @param keep how long the archive keeps a piece
 */
public record WalConfig(Optional<Path> archive, Duration timeout, Duration keep) {
    /** No archive. */
    public static final WalConfig NONE = new WalConfig(Optional.empty(), Duration.ofMinutes(1), Duration.ofDays(14));

    /** The longest that personal data may live on in it after they were erased. */
    private static final Duration LONGEST = Duration.ofDays(35);

    static WalConfig read(ConfigReader reader) {
        WalConfig config = new WalConfig(
                reader.optionalText("archive").map(Path::of), reader.duration("timeout"), reader.hours("keep"));
        config.archive.ifPresent(
                folder -> reader.require(folder.isAbsolute(), "archive", "the absolute path of a folder"));
        reader.require(config.keep.compareTo(LONGEST) <= 0, "keep", "35 d at most");
        return config;
    }
}
