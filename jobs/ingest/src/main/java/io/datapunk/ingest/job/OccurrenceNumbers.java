package io.datapunk.ingest.job;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.udf;

import io.datapunk.ingest.record.RecordKeys;
import io.datapunk.lake.model.table.ProvenanceColumns;
import io.datapunk.lake.model.table.TableDefinition;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Numbers equal records of one entry through all of its ranges. A task counts those of its own range; where ranges of one
 * entry hold equal records, only all of them together tell which occurrence each one is, and with it which key it has.
 */
final class OccurrenceNumbers {
    private static final String FOLDER = "renumbered";
    private static final String ROW = "renumbered_row";
    private static final String ID = "renumbered_id";
    private static final String FILE_OF_SEVERAL = "file_of_several";
    private static final String FIRST_OF_SEVERAL = "first_of_several";
    private static final String NUMBER = "number";
    private static final String FIRST_RANGE = "first_range";
    private static final String LAST_RANGE = "last_range";

    private static final StructType RENUMBERED =
            new StructType().add(ROW, DataTypes.LongType, false).add(ID, DataTypes.StringType, false);

    private static final UserDefinedFunction OCCURRENCE = udf(
            (UDF2<String, Integer, String>) (first, number) -> new RecordKeys().occurrence(first, number),
            DataTypes.StringType);

    private OccurrenceNumbers() {}

    /** Writes the keys that change into staging. */
    static void settle(SparkSession spark, ImportContext context, UnitResult staged) {
        for (TableDefinition definition : StagedTables.DEFINITIONS) {
            if (staged.hasCountedInRanges(definition.name())) {
                settle(spark, context, definition);
            }
        }
    }

    private static void settle(SparkSession spark, ImportContext context, TableDefinition definition) {
        Dataset<Row> counted = StagedRows.asStaged(spark, context, definition)
                .where(col(StagedTable.FIRST_OCCURRENCE).isNotNull())
                .select(
                        StagedTable.FILE,
                        StagedTable.FIRST_OCCURRENCE,
                        StagedTable.ROW,
                        ProvenanceColumns.POSITION,
                        ProvenanceColumns.ID);
        Dataset<Row> inSeveralRanges = counted.groupBy(StagedTable.FILE, StagedTable.FIRST_OCCURRENCE)
                .agg(
                        min(StagedTable.unitOf(col(StagedTable.ROW))).as(FIRST_RANGE),
                        max(StagedTable.unitOf(col(StagedTable.ROW))).as(LAST_RANGE))
                .where(col(FIRST_RANGE).notEqual(col(LAST_RANGE)))
                .select(
                        col(StagedTable.FILE).as(FILE_OF_SEVERAL),
                        col(StagedTable.FIRST_OCCURRENCE).as(FIRST_OF_SEVERAL));
        Dataset<Row> numbered = counted.join(
                        inSeveralRanges,
                        col(StagedTable.FILE)
                                .equalTo(col(FILE_OF_SEVERAL))
                                .and(col(StagedTable.FIRST_OCCURRENCE).equalTo(col(FIRST_OF_SEVERAL))),
                        "left_semi")
                .withColumn(
                        NUMBER,
                        row_number()
                                .over(Window.partitionBy(StagedTable.FILE, StagedTable.FIRST_OCCURRENCE)
                                        .orderBy(ProvenanceColumns.POSITION, StagedTable.ROW))
                                .minus(lit(1)));
        numbered.select(
                        col(StagedTable.ROW).as(ROW),
                        OCCURRENCE
                                .apply(col(StagedTable.FIRST_OCCURRENCE), col(NUMBER))
                                .as(ID),
                        col(ProvenanceColumns.ID))
                .where(col(ID).notEqual(col(ProvenanceColumns.ID)))
                .select(ROW, ID)
                .write()
                .mode("overwrite")
                .parquet(ImportContext.url(folder(context, definition)));
    }

    /** Staged rows with the keys that {@link #settle} found. */
    static Dataset<Row> applyTo(
            Dataset<Row> rows, SparkSession spark, ImportContext context, TableDefinition definition) {
        if (!Files.isDirectory(folder(context, definition))) {
            return rows;
        }
        Dataset<Row> renumbered =
                spark.read().schema(RENUMBERED).parquet(ImportContext.url(folder(context, definition)));
        return rows.join(renumbered, rows.col(StagedTable.ROW).equalTo(renumbered.col(ROW)), "left")
                .withColumn(ProvenanceColumns.ID, coalesce(col(ID), col(ProvenanceColumns.ID)))
                .drop(ROW, ID);
    }

    private static Path folder(ImportContext context, TableDefinition definition) {
        return context.staging(FOLDER).resolve(definition.name().toString());
    }
}
