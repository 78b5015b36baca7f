package io.datapunk.lake.delta;

import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.table.Column;
import io.datapunk.lake.model.table.TableDefinition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.util.QuotingUtils;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.OptimisticTransaction;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.jdk.javaapi.CollectionConverters;

/** Creates the lake's tables. */
public final class DeltaTables {
    /**
     * Retired files and old versions are kept equally long: shorter files than log would offer versions that cannot be
     * read any more.
     */
    static final String RETENTION = "interval 30 days";

    static final long ROW_GROUP_BYTES = 64L << 20;

    private DeltaTables() {}

    /**
     * Creates the table where it does not exist yet, and adds columns that a newer release has added to it. Calling it again,
     * or from two processes at once, changes nothing.
     *
     * @throws LakeException (failed) where the table exists and lacks columns that must have values, or has others of their names
     */
    public static void ensure(SparkSession spark, LakeHome home, TableDefinition definition) {
        String path = home.tablePath(definition.name());
        InternalJobs.call(spark, () -> {
            ensureAt(spark, path, definition);
            return null;
        });
    }

    private static void ensureAt(SparkSession spark, String path, TableDefinition definition) {
        DeltaLog log = DeltaLog.forTable(spark, path);
        CommitConflicts.retrying(
                () -> {
                    OptimisticTransaction transaction = log.startTransaction();
                    if (transaction.readVersion() >= 0) {
                        requireContract(path, transaction, definition);
                        addColumns(spark, path, transaction.metadata().schema(), definition);
                    } else {
                        DeltaActions.createTable(transaction, definition, properties(definition));
                    }
                    return null;
                },
                "table " + definition.name() + " could not be created at " + path,
                "run the command again when the other one has ended");
    }

    /** The table's properties. Delta hands those without its prefix to the Parquet writer. */
    static Map<String, String> properties(TableDefinition definition) {
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put("delta.deletedFileRetentionDuration", RETENTION);
        properties.put("delta.logRetentionDuration", RETENTION);
        if (definition.changeDataFeed()) {
            properties.put("delta.enableChangeDataFeed", "true");
        }
        String withStatistics = definition.columns().stream()
                .filter(Column::statistics)
                .map(Column::name)
                .filter(name -> !definition.partitionColumn().equals(Optional.of(name)))
                .collect(Collectors.joining(","));
        if (withStatistics.isEmpty()) {
            properties.put("delta.dataSkippingNumIndexedCols", "0");
        } else {
            properties.put("delta.dataSkippingStatsColumns", withStatistics);
        }
        properties.put("parquet.block.size", Long.toString(ROW_GROUP_BYTES));
        for (Column column : definition.columns()) {
            if (column.distinct()) {
                properties.put("parquet.enable.dictionary#" + column.name(), "false");
                if (!column.statistics()) {
                    properties.put("parquet.column.statistics.enabled#" + column.name(), "false");
                }
            }
        }
        return properties;
    }

    private static void addColumns(SparkSession spark, String path, StructType found, TableDefinition definition) {
        String missing = definition.columns().stream()
                .filter(column -> column.nullable() && indexOf(found, column.name()) < 0)
                .map(column -> QuotingUtils.quoteIdentifier(column.name()) + " " + column.type() + " COMMENT '"
                        + column.comment().replace("\\", "\\\\").replace("'", "\\'") + "'")
                .collect(Collectors.joining(", "));
        if (!missing.isEmpty()) {
            spark.sql("ALTER TABLE delta." + QuotingUtils.quoteIdentifier(path) + " ADD COLUMNS (" + missing + ")");
        }
    }

    private static void requireContract(String path, OptimisticTransaction transaction, TableDefinition definition) {
        StructType found = transaction.metadata().schema();
        List<String> differences = new ArrayList<>();
        for (StructField expected : DeltaSchemas.structType(definition).fields()) {
            int index = indexOf(found, expected.name());
            if (index < 0 && expected.nullable()) {
                continue;
            }
            if (index < 0) {
                differences.add("column " + expected.name() + " is missing");
                continue;
            }
            // Catalog strings leave nullability out: a stricter table still holds the contract.
            String type = found.fields()[index].dataType().catalogString();
            if (!type.equals(expected.dataType().catalogString())) {
                differences.add("column " + expected.name() + " is " + type + " instead of "
                        + expected.dataType().catalogString());
            }
        }
        List<String> partitionColumns =
                CollectionConverters.asJava(transaction.metadata().partitionColumns());
        List<String> expectedPartition =
                definition.partitionColumn().map(List::of).orElse(List.of());
        if (!partitionColumns.equals(expectedPartition)) {
            differences.add("it is partitioned by " + partitionColumns + " instead of " + expectedPartition);
        }
        if (!differences.isEmpty()) {
            throw LakeException.failed(
                    "table " + definition.name() + " at " + path + " does not keep its contract",
                    String.join(", ", differences),
                    "restore the columns with ALTER TABLE, or move the table away and let the lake create it anew");
        }
    }

    private static int indexOf(StructType type, String column) {
        return List.of(type.fieldNames()).indexOf(column);
    }
}
