package io.datapunk.lake.delta;

import io.datapunk.lake.model.DataFile;
import java.time.Instant;
import java.util.Optional;

/** What moves note on the files that they write. The Delta log itself knows neither a codec nor a row's age. */
public final class FileTags {
    /** When the rows were written, ISO-8601: a move is not a write. */
    public static final String WRITTEN_AT = "lake.writtenAt";

    /** When the file took the place of another one, ISO-8601. */
    public static final String MOVED_AT = "lake.movedAt";

    /** The codec, as {@code zstd:19} or {@code lz4_raw}. */
    public static final String CODEC = "lake.codec";

    /** The id of the dataset's key that an encrypted file's own key is wrapped by. */
    public static final String KEY = "lake.key";

    /** The columns that its rows are sorted by, separated by commas, where these are not the table's own. */
    public static final String SORTED_BY = "lake.sortedBy";

    private FileTags() {}

    /** When the file's rows were written; without a tag, when the file was. */
    public static Instant writtenAt(DataFile file) {
        return instant(file, WRITTEN_AT).orElseGet(() -> Instant.ofEpochMilli(file.modificationTime()));
    }

    /** When the file was moved, empty where it never was. */
    public static Optional<Instant> movedAt(DataFile file) {
        return instant(file, MOVED_AT);
    }

    /** The codec of a file that was moved. */
    public static Optional<String> codec(DataFile file) {
        return Optional.ofNullable(file.tags().get(CODEC));
    }

    /** The id of the dataset's key, empty where the file is not encrypted. */
    public static Optional<String> key(DataFile file) {
        return Optional.ofNullable(file.tags().get(KEY));
    }

    private static Optional<Instant> instant(DataFile file, String tag) {
        return Optional.ofNullable(file.tags().get(tag)).map(Instant::parse);
    }
}
