package io.datapunk.analytics.publish;

import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.DeltaSchemas;
import io.datapunk.lake.delta.TableVersion;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.table.TableDefinition;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * The tables that another one is computed of, each at one version.
 *
 * @param versions of those that exist
 * @param months that are wanted; empty: all
 */
public record Sources(
        SparkSession spark, LakeHome home, Map<DatasetName, TableVersion> versions, Optional<Set<String>> months) {
    /** Characters of {@code yyyy-MM}; what is partitioned by day begins with them, too. */
    private static final int MONTH = 7;

    public Sources {
        versions = Map.copyOf(versions);
    }

    /** The rows of a table in the months; none where it does not exist. */
    public Dataset<Row> rows(TableDefinition table) {
        TableVersion version = versions.get(table.name());
        if (version == null) {
            return spark.createDataFrame(List.of(), DeltaSchemas.structType(table));
        }
        Dataset<Row> rows = spark.read()
                .format("delta")
                .option("versionAsOf", version.version())
                .load(home.tablePath(table.name()));
        return months.isEmpty() || table.partitionColumn().isEmpty()
                ? rows
                : rows.where(month(table.partitionColumn().orElseThrow())
                        .isin(months.get().toArray()));
    }

    /** The month in a column of months or days. */
    public static Column month(String column) {
        return functions.substring(functions.col(column), 1, MONTH);
    }

    /** The month of a partition of a month or a day. */
    static String monthOf(String partitionValue) {
        return partitionValue.length() > MONTH && partitionValue.charAt(4) == '-'
                ? partitionValue.substring(0, MONTH)
                : partitionValue;
    }
}
