package io.datapunk.archive.backup.point;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A lake at one moment.
 *
 * @param format {@value #FORMAT}
 * @param name of the point
 * @param home where the lake was
 * @param configuration what was in force, by key; secrets hidden
 * @param rootFiles files besides tables and keys, relative to where the lake's tables' folder lies
 * @param localFiles files of the lake's local folder, relative to it
 * @param postgres the embedded server; null where there is none
 * @param keyBatches the files in which the keys of its objects stand
 * @param homeKeys the files of the lake's own keys that lay beside it, relative to their folder
 */
public record RestorePoint(
        String format,
        String name,
        boolean compliance,
        String home,
        Map<String, String> configuration,
        List<StoredTable> tables,
        List<StoredFile> rootFiles,
        List<StoredFile> localFiles,
        StoredPostgres postgres,
        List<String> keyBatches,
        List<String> homeKeys) {
    public static final String FORMAT = "datapunk-restore-point-1";

    private static final ObjectMapper JSON =
            new ObjectMapper().setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE);

    public byte[] toBytes() {
        try {
            return JSON.writeValueAsBytes(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("texts, numbers and lists of them are JSON", e);
        }
    }

    /** @throws IOException where it is none */
    public static RestorePoint parse(byte[] bytes) throws IOException {
        RestorePoint point = JSON.readValue(bytes, RestorePoint.class);
        if (!FORMAT.equals(point.format)) {
            throw new IOException("its format is " + point.format + " instead of " + FORMAT);
        }
        return point;
    }

    public PointName pointName() {
        return new PointName(name);
    }

    /** Every file that is not a table's data. */
    public Stream<StoredFile> files() {
        return files(tables, rootFiles, localFiles, postgres);
    }

    /** The objects that it needs. */
    public Set<String> objects() {
        return objects(tables, rootFiles, localFiles, postgres);
    }

    /** The objects that a point of these parts needs. */
    public static Set<String> objects(
            List<StoredTable> tables, List<StoredFile> root, List<StoredFile> local, StoredPostgres postgres) {
        Set<String> objects = new TreeSet<>();
        tables.forEach(table -> table.data().forEach(file -> objects.add(file.object())));
        files(tables, root, local, postgres)
                .forEach(file -> file.pieces().forEach(piece -> objects.add(piece.object())));
        return objects;
    }

    private static Stream<StoredFile> files(
            List<StoredTable> tables, List<StoredFile> root, List<StoredFile> local, StoredPostgres postgres) {
        return Stream.of(
                        tables.stream().flatMap(table -> table.log().stream()),
                        root.stream(),
                        local.stream(),
                        postgres == null ? Stream.<StoredFile>empty() : postgres.files().stream())
                .flatMap(files -> files);
    }

    /** What a restore writes. */
    public long bytes() {
        return tables.stream().mapToLong(StoredTable::bytes).sum()
                + files().mapToLong(StoredFile::bytes).sum();
    }
}
