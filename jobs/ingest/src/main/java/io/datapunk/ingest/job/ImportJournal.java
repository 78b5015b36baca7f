package io.datapunk.ingest.job;

import static org.apache.spark.sql.functions.col;

import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.DeltaAppend;
import io.datapunk.lake.delta.DeltaSchemas;
import io.datapunk.lake.model.Sha256;
import io.datapunk.lake.model.table.ImportFilesTable;
import io.datapunk.lake.model.table.ImportJobsTable;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;

/** The rows of {@code imports.jobs}: one for each import, whatever the number of its attempts. */
final class ImportJournal {
    static final String RUNNING = "running";
    static final String DONE = "done";
    static final String FAILED = "failed";

    private static final int ATTEMPTS = 10;

    private final SparkSession spark;
    private final LakeHome home;
    private final LakeTableFiles lake;
    private final DeltaAppend append;

    ImportJournal(SparkSession spark, LakeHome home, LakeTableFiles lake, DeltaAppend append) {
        this.spark = spark;
        this.home = home;
        this.lake = lake;
        this.append = append;
    }

    /**
     * An import that has begun.
     *
     * @param importId the same for all attempts
     * @param startedAt when the first attempt began
     * @param resumed whether an attempt came before this one
     * @param committed whether an earlier attempt has reached the commit point
     */
    record Begun(
            String importId,
            String userId,
            String exportId,
            List<String> containers,
            long epoch,
            Instant startedAt,
            boolean resumed,
            boolean committed) {}

    /**
     * Begins an import, or takes up the one of the same input that did not end. An import that ended, or that other
     * versions of the parsers began, is left alone: the same input then makes a new one.
     *
     * @param fingerprint of the input and of the parsers
     */
    Begun begin(String userId, String exportId, List<String> containers, String fingerprint, long epoch, Instant now) {
        Map<String, Row> known = new HashMap<>();
        if (!lake.isEmpty(ImportJobsTable.DEFINITION.name())) {
            lake.read(ImportJobsTable.DEFINITION.name())
                    .where(col(ImportJobsTable.USER_ID)
                            .equalTo(userId)
                            .and(col(ImportJobsTable.EXPORT_ID).equalTo(exportId)))
                    .select(ImportJobsTable.IMPORT_ID, ImportJobsTable.STATUS, ImportJobsTable.STARTED_AT)
                    .collectAsList()
                    .forEach(row -> known.put(row.getString(0), row));
        }
        for (int ordinal = 0; ; ordinal++) {
            String importId = importId(userId, exportId, fingerprint, ordinal);
            Row row = known.get(importId);
            if (row == null) {
                Begun begun = new Begun(importId, userId, exportId, containers, epoch, now, false, false);
                append.append(ImportJobsTable.DEFINITION, frame(begun, RUNNING, null, ImportCounts.NONE, 0, "{}"));
                return begun;
            }
            String status = row.getString(1);
            if (status.equals(RUNNING) || status.equals(FAILED)) {
                boolean committed = isCommitted(importId);
                Begun begun = new Begun(
                        importId,
                        userId,
                        exportId,
                        containers,
                        epoch,
                        row.<java.sql.Timestamp>getAs(2).toInstant(),
                        true,
                        committed);
                replace(begun, RUNNING, null, ImportCounts.NONE, 0, "{}");
                return begun;
            }
        }
    }

    private boolean isCommitted(String importId) {
        return !lake.isEmpty(ImportFilesTable.DEFINITION.name())
                && !lake.read(ImportFilesTable.DEFINITION.name())
                        .where(col(ImportFilesTable.IMPORT_ID).equalTo(importId))
                        .isEmpty();
    }

    void done(Begun begun, Instant endedAt, ImportCounts counts, long bytes, String parserVersions) {
        replace(begun, DONE, endedAt, counts, bytes, parserVersions);
    }

    void failed(Begun begun, Instant endedAt) {
        replace(begun, FAILED, endedAt, ImportCounts.NONE, 0, "{}");
    }

    private void replace(
            Begun begun, String status, Instant endedAt, ImportCounts counts, long bytes, String parserVersions) {
        for (int attempt = 1; ; attempt++) {
            try {
                frame(begun, status, endedAt, counts, bytes, parserVersions)
                        .coalesce(1)
                        .write()
                        .format("delta")
                        .mode("overwrite")
                        .option("replaceWhere", ImportJobsTable.IMPORT_ID + " = '" + begun.importId() + "'")
                        .save(home.tablePath(ImportJobsTable.DEFINITION.name()));
                return;
            } catch (io.delta.exceptions.DeltaConcurrentModificationException otherImport) {
                if (attempt == ATTEMPTS) {
                    throw otherImport;
                }
            }
        }
    }

    private org.apache.spark.sql.Dataset<Row> frame(
            Begun begun, String status, Instant endedAt, ImportCounts counts, long bytes, String parserVersions) {
        Row row = RowFactory.create(
                begun.importId(),
                begun.userId(),
                begun.exportId(),
                begun.containers().toArray(),
                status,
                begun.epoch(),
                begun.startedAt(),
                endedAt,
                counts.read(),
                counts.accepted(),
                counts.duplicates(),
                counts.quarantined(),
                bytes,
                parserVersions);
        return spark.createDataFrame(List.of(row), DeltaSchemas.structType(ImportJobsTable.DEFINITION));
    }

    private static String importId(String userId, String exportId, String fingerprint, int ordinal) {
        String text = String.join("\n", "import", userId, exportId, fingerprint, Integer.toString(ordinal));
        byte[] hash = Sha256.digest().digest(text.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(hash, 0, 16);
    }
}
