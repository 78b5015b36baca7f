package io.datapunk.lake.delta;

import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.table.TableDefinition;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.DeltaOptions;
import org.apache.spark.sql.delta.OptimisticTransaction;
import org.apache.spark.sql.delta.actions.Action;
import org.apache.spark.sql.delta.actions.FileAction;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;

/** Appends rows to the lake's tables: few files per partition, sorted within, in the warm codec. */
public final class DeltaAppend {
    /** What Spark's Parquet writer calls the warm codec. */
    static final String WARM_CODEC = "lz4_raw";

    private final SparkSession spark;
    private final LakeHome home;

    public DeltaAppend(SparkSession spark, LakeHome home) {
        this.spark = spark;
        this.home = home;
    }

    /**
     * Names a commit, so that it is made once however often it is tried.
     *
     * @param application who commits, as {@code ingest:<import id>}
     * @param version rises from commit to commit
     */
    public record Once(String application, long version) implements Serializable {}

    /**
     * Appends rows to a table that exists.
     *
     * @param rows with the definition's columns in any order; further columns are left out, missing nullable ones are
     *     null
     * @return the version that holds the rows
     * @throws LakeException (failed) where a column that must have values is missing or another writer changed the
     *     table's schema meanwhile
     */
    public long append(TableDefinition definition, Dataset<Row> rows) {
        return append(definition, rows, Optional.empty(), OptionalInt.empty());
    }

    /** As {@link #append(TableDefinition, Dataset)}; a commit that was made already is left alone. */
    public long append(TableDefinition definition, Dataset<Row> rows, Once once) {
        return append(definition, rows, Optional.of(once), OptionalInt.empty());
    }

    /**
     * As {@link #append(TableDefinition, Dataset)}.
     *
     * @param shufflePartitions into how many tasks the rows are divided by partition; empty lets Spark balance them
     */
    public long append(
            TableDefinition definition, Dataset<Row> rows, Optional<Once> once, OptionalInt shufflePartitions) {
        return InternalJobs.call(spark, () -> {
            String path = home.tablePath(definition.name());
            OptimisticTransaction transaction = DeltaLog.forTable(spark, path).startTransaction();
            if (transaction.readVersion() < 0) {
                throw LakeException.failed(
                        "rows cannot be appended to " + definition.name(),
                        "there is no table at " + path,
                        "create it first with DeltaTables.ensure");
            }
            if (once.isPresent()
                    && transaction.txnVersion(once.get().application())
                            >= once.get().version()) {
                return transaction.readVersion();
            }
            return commit(transaction, definition, arranged(definition, rows, shufflePartitions), once);
        });
    }

    private long commit(
            OptimisticTransaction transaction, TableDefinition definition, Dataset<Row> rows, Optional<Once> once) {
        List<Action> actions = new ArrayList<>(write(spark, transaction, rows));
        once.ifPresent(
                name -> actions.add(DeltaActions.once(name.application(), name.version(), System.currentTimeMillis())));
        return transaction.commit(
                DeltaActions.immutable(actions),
                DeltaActions.append(definition.partitionColumn().map(List::of).orElse(List.of())));
    }

    /** Writes rows as the table's files are, for a commit that the caller makes. */
    static List<FileAction> write(
            SparkSession spark, OptimisticTransaction transaction, TableDefinition definition, Dataset<Row> rows) {
        return write(spark, transaction, arranged(definition, rows, OptionalInt.empty()));
    }

    private static List<FileAction> write(
            SparkSession spark, OptimisticTransaction transaction, Dataset<Row> arranged) {
        DeltaOptions options = new DeltaOptions(
                DeltaActions.immutable(Map.of("compression", WARM_CODEC)),
                spark.sessionState().conf());
        return CollectionConverters.asJava(transaction.writeFiles(arranged, Option.<DeltaOptions>apply(options)));
    }

    private static Dataset<Row> arranged(TableDefinition definition, Dataset<Row> rows, OptionalInt shufflePartitions) {
        Dataset<Row> shaped = rows.select(columns(definition, rows.schema()));
        List<Column> order = new ArrayList<>();
        definition.partitionColumn().map(functions::col).ifPresent(partition -> order.add(partition));
        definition.sortedBy().stream().map(functions::col).forEach(order::add);
        if (definition.partitionColumn().isPresent()) {
            Column partition = functions.col(definition.partitionColumn().get());
            shaped = shufflePartitions.isPresent()
                    ? shaped.repartition(shufflePartitions.getAsInt(), partition)
                    // Rebalanced, not merely repartitioned: a month that is far larger than the others is divided.
                    : shaped.hint("rebalance", partition);
        }
        return order.isEmpty() ? shaped : shaped.sortWithinPartitions(order.toArray(Column[]::new));
    }

    private static Column[] columns(TableDefinition definition, StructType given) {
        Set<String> names = new TreeSet<>(Arrays.asList(given.fieldNames()));
        List<Column> columns = new ArrayList<>();
        for (StructField field : DeltaSchemas.structType(definition).fields()) {
            if (names.contains(field.name())) {
                columns.add(functions.col(field.name()).cast(field.dataType()).as(field.name()));
            } else if (field.nullable()) {
                columns.add(functions.lit(null).cast(field.dataType()).as(field.name()));
            } else {
                throw LakeException.failed(
                        "rows cannot be appended to " + definition.name(),
                        "they lack column " + field.name() + ", which must have values",
                        "give the rows the columns of the table's definition");
            }
        }
        return columns.toArray(Column[]::new);
    }
}
