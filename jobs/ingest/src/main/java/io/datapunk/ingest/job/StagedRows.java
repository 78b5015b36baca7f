package io.datapunk.ingest.job;

import io.datapunk.lake.delta.DeltaSchemas;
import io.datapunk.lake.model.table.TableDefinition;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Staged rows as Spark reads them. */
final class StagedRows {
    private StagedRows() {}

    /** The staged rows of a table: their numbers, their files' numbers and the staged columns. */
    static Dataset<Row> read(SparkSession spark, ImportContext context, TableDefinition definition) {
        return OccurrenceNumbers.applyTo(asStaged(spark, context, definition), spark, context, definition);
    }

    /** The same with the keys that tasks gave, each of which saw one range of an entry. */
    static Dataset<Row> asStaged(SparkSession spark, ImportContext context, TableDefinition definition) {
        StagedTable table = new StagedTable(definition);
        Set<String> staged = table.columns().stream()
                .map(io.datapunk.lake.model.table.Column::name)
                .collect(Collectors.toSet());
        StructType schema = new StructType()
                .add(StagedTable.ROW, DataTypes.LongType, false)
                .add(StagedTable.FILE, DataTypes.IntegerType, false)
                .add(StagedTable.FIRST_OCCURRENCE, DataTypes.StringType, true);
        for (StructField field : DeltaSchemas.structType(definition).fields()) {
            if (staged.contains(field.name())) {
                schema = schema.add(field);
            }
        }
        return spark.read().schema(schema).parquet(ImportContext.url(context.staging(table.folder())));
    }
}
