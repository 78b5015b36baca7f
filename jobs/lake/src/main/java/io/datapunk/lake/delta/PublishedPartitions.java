package io.datapunk.lake.delta;

import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.DeltaAppend.Once;
import io.datapunk.lake.model.table.TableDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.OptimisticTransaction;
import org.apache.spark.sql.delta.actions.Action;
import org.apache.spark.sql.delta.actions.AddFile;
import org.apache.spark.sql.delta.actions.FileAction;

/**
 * Partitions of a table that are computed of other tables. The commit that gives them their rows also says how far those
 * were read, so that both are true or neither.
 */
public final class PublishedPartitions {
    private final SparkSession spark;
    private final LakeHome home;
    private final TableDefinition definition;

    public PublishedPartitions(SparkSession spark, LakeHome home, TableDefinition definition) {
        this.spark = spark;
        this.home = home;
        this.definition = definition;
    }

    /**
     * Gives partitions other rows. The table is made where it is not there.
     *
     * @param values of the partition column; empty: of all partitions
     * @param rows all rows that they have then, with the definition's columns; not asked for where no partition is named
     * @param read how far sources were read
     * @return how many rows were written
     */
    public long replace(Optional<Set<String>> values, Supplier<Dataset<Row>> rows, List<Once> read) {
        DeltaTables.ensure(spark, home, definition);
        return InternalJobs.call(
                spark,
                () -> CommitConflicts.retrying(
                        () -> attempt(values, rows, read),
                        "the rows of " + definition.name() + " could not be written",
                        "run the command again when the other one has ended"));
    }

    private long attempt(Optional<Set<String>> values, Supplier<Dataset<Row>> rows, List<Once> read) {
        OptimisticTransaction transaction = log().startTransaction();
        List<Action> actions = new ArrayList<>();
        long written = 0;
        if (values.isEmpty() || !values.get().isEmpty()) {
            for (FileAction added : DeltaAppend.write(spark, transaction, definition, rows.get())) {
                actions.add(added);
                written += (long) added.numLogicalRecords().getOrElse(() -> 0L);
            }
            // Whatever another writer adds meanwhile is a conflict: the rows are all that the partitions have.
            transaction.readWholeTable();
            long now = System.currentTimeMillis();
            for (AddFile old : files(transaction, values)) {
                actions.add(old.removeWithTimestamp(now, true));
            }
        }
        read.forEach(source ->
                actions.add(DeltaActions.once(source.application(), source.version(), System.currentTimeMillis())));
        transaction.commit(
                DeltaActions.immutable(actions),
                DeltaActions.overwrite(
                        definition.partitionColumn().map(List::of).orElse(List.of())));
        return written;
    }

    private List<AddFile> files(OptimisticTransaction transaction, Optional<Set<String>> values) {
        TableVersion table =
                new TableVersion(definition.name(), transaction.metadata().id(), transaction.readVersion());
        return new LoggedActions(new TableLog(home, spark.sparkContext().hadoopConfiguration()))
                .of(table, value -> values.isEmpty() || values.get().contains(value));
    }

    private DeltaLog log() {
        return DeltaLog.forTable(spark, home.tablePath(definition.name()));
    }
}
