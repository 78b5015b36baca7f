package io.datapunk.analytics.publish;

import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.DeltaSchemas;
import io.datapunk.lake.delta.PartitionRows;
import io.datapunk.lake.delta.TableVersion;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.table.TableDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/** The tables that another one is computed of, each at one version. */
public final class Sources implements AutoCloseable {
    /** Characters of {@code yyyy-MM}; what is partitioned by day begins with them, too. */
    private static final int MONTH = 7;

    private final SparkSession spark;
    private final LakeHome home;
    private final Map<DatasetName, TableVersion> versions;
    private final Optional<Set<String>> months;
    private final List<Dataset<Row>> kept = new ArrayList<>();

    /**
     * @param versions of those that exist
     * @param months that are wanted; empty: all
     */
    public Sources(
            SparkSession spark, LakeHome home, Map<DatasetName, TableVersion> versions, Optional<Set<String>> months) {
        this.spark = spark;
        this.home = home;
        this.versions = Map.copyOf(versions);
        this.months = months;
    }

    /** The rows of a table in the months; none where it does not exist. */
    public Dataset<Row> rows(TableDefinition table) {
        TableVersion version = versions.get(table.name());
        if (version == null) {
            return spark.createDataFrame(List.of(), DeltaSchemas.structType(table));
        }
        Predicate<String> wanted = value -> months.get().contains(monthOf(value));
        return PartitionRows.of(
                spark,
                home,
                version,
                months.isEmpty() || table.partitionColumn().isEmpty() ? value -> true : wanted);
    }

    /** Computes rows once that are used several times, and keeps them until the table is written. */
    public Dataset<Row> keep(Dataset<Row> rows) {
        kept.add(rows.persist());
        return rows;
    }

    @Override
    public void close() {
        kept.forEach(Dataset::unpersist);
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
