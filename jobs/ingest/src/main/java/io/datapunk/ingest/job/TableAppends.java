package io.datapunk.ingest.job;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.datapunk.lake.delta.DeltaAppend;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.table.DuplicatesTable;
import io.datapunk.lake.model.table.EventColumns;
import io.datapunk.lake.model.table.ImportFilesTable;
import io.datapunk.lake.model.table.ProvenanceColumns;
import io.datapunk.lake.model.table.QuarantineTable;
import io.datapunk.lake.model.table.TableDefinition;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Brings staged rows into their tables: one commit for each table, made once however often the import is tried. */
final class TableAppends {
    /** Up to this many row numbers are sent to every task instead of being shuffled. */
    private static final long BROADCAST_ROWS = 4_000_000;

    /** Staged bytes that one task turns into files of the table. */
    private static final long BYTES_PER_TASK = 32L << 20;

    private final SparkSession spark;
    private final ImportContext context;
    private final LakeTableFiles lake;
    private final DeltaAppend append;

    TableAppends(SparkSession spark, ImportContext context, LakeTableFiles lake, DeltaAppend append) {
        this.spark = spark;
        this.context = context;
        this.lake = lake;
        this.append = append;
    }

    /** The staged rows of a dataset without those left out. */
    void rows(TableDefinition definition, UnitResult staged, Dataset<Row> leftOut, long duplicates) {
        Dataset<Row> rows = StagedRows.read(spark, context, definition);
        if (duplicates > 0) {
            Dataset<Row> numbers = leftOut.where(col(DuplicatesTable.DATASET)
                            .equalTo(definition.name().toString()))
                    .select(StagedTable.ROW);
            rows = rows.join(
                    duplicates <= BROADCAST_ROWS ? broadcast(numbers) : numbers,
                    rows.col(StagedTable.ROW).equalTo(numbers.col(StagedTable.ROW)),
                    "left_anti");
        }
        append.append(definition, ofThisImport(rows), once(), OptionalInt.of(tasks(staged, definition.name())));
    }

    private int tasks(UnitResult staged, DatasetName dataset) {
        long bytes = staged.stagedBytes(dataset.toString());
        long useful = bytes / BYTES_PER_TASK + 1;
        int cores = spark.sparkContext().defaultParallelism();
        return (int) Math.min(useful < cores && bytes > BYTES_PER_TASK / 8 ? cores : useful, 10_000);
    }

    /** The log of what was left out. */
    void duplicates(Dataset<Row> leftOut, Dataset<Row> files) {
        Dataset<Row> origins = files.select(
                col(StagedTable.FILE).as("origin"), col(ImportFilesTable.ENTRY).as(ProvenanceColumns.ENTRY));
        Dataset<Row> rows = leftOut.join(origins, leftOut.col(StagedTable.FILE).equalTo(origins.col("origin")));
        append.append(DuplicatesTable.DEFINITION, ofThisImport(rows), once(), OptionalInt.of(1));
    }

    /** The rejects that quarantine does not hold yet: the same broken record of the same container is one item. */
    void quarantine() {
        Dataset<Row> rows =
                StagedRows.read(spark, context, QuarantineTable.DEFINITION).dropDuplicates(ProvenanceColumns.ID);
        if (!lake.isEmpty(QuarantineTable.DEFINITION.name())) {
            Dataset<Row> known = lake.read(QuarantineTable.DEFINITION.name())
                    .where(col(ProvenanceColumns.USER_ID).equalTo(context.userId()))
                    .select(col(ProvenanceColumns.ID).as("known"));
            rows = rows.join(known, rows.col(ProvenanceColumns.ID).equalTo(known.col("known")), "left_anti");
        }
        String day = context.ingestedAt().toString().substring(0, "yyyy-MM-dd".length());
        append.append(
                QuarantineTable.DEFINITION,
                ofThisImport(rows.withColumn(EventColumns.DAY, lit(day))),
                once(),
                OptionalInt.of(1));
    }

    /** The commit point. */
    void files(Dataset<Row> files) {
        append.append(ImportFilesTable.DEFINITION, files, once(), OptionalInt.empty());
    }

    private Dataset<Row> ofThisImport(Dataset<Row> rows) {
        return rows.withColumn(ProvenanceColumns.USER_ID, lit(context.userId()))
                .withColumn(ProvenanceColumns.IMPORT_ID, lit(context.importId()))
                .withColumn(ProvenanceColumns.INGESTED_AT, lit(context.ingestedAt()));
    }

    private Optional<DeltaAppend.Once> once() {
        // Not the epoch: what an earlier attempt has committed must not be committed again by a later one
        return Optional.of(new DeltaAppend.Once("ingest:" + context.importId(), 1));
    }
}
