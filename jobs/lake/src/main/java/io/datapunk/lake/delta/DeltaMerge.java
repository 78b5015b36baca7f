package io.datapunk.lake.delta;

import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.DeltaAppend.Once;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.RowChange;
import io.datapunk.lake.model.table.TableDefinition;
import io.delta.tables.DeltaTable;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.util.QuotingUtils;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.functions;
import scala.Option;

/** Brings changes of rows, found by their key, into a table; each batch in one commit and once. */
public final class DeltaMerge {
    // Beyond it the condition costs more than it prunes.
    private static final int MOST_PARTITIONS = 500;

    private final SparkSession spark;
    private final LakeHome home;

    public DeltaMerge(SparkSession spark, LakeHome home) {
        // A session of its own: the number of the commit is a setting, and would be that of other commits as well.
        this.spark = spark.newSession();
        this.home = home;
    }

    /** How many rows a merge has changed. */
    public record Merged(long inserted, long updated, long deleted) {}

    /** The highest version that the application has committed, 0 where there is none. */
    public long lastVersion(TableDefinition definition, String application) {
        return InternalJobs.call(spark, () -> {
            Option<Object> last = DeltaLog.forTable(spark, home.tablePath(definition.name()))
                    .update(false, Option.empty(), Option.empty())
                    .transactions()
                    .get(application);
            return last.isDefined() ? (long) last.get() : 0L;
        });
    }

    /**
     * Applies changes to a table that exists and has a key.
     *
     * @param changes the table's columns and {@link RowChange#COLUMN}, one row for each key; read twice
     * @param values of the partitions that they are in; empty for a table without
     * @param once names the commit; a version that {@link #lastVersion} has reached changes nothing
     * @throws LakeException where other writers kept getting in between
     */
    public Merged merge(TableDefinition definition, Dataset<Row> changes, List<String> values, Once once) {
        return InternalJobs.call(
                spark,
                () -> CommitConflicts.retrying(
                        () -> attempt(definition, changes, values, once),
                        "changes could not be brought into " + definition.name(),
                        "run the command again when the other one has ended; nothing was changed"));
    }

    private Merged attempt(TableDefinition definition, Dataset<Row> changes, List<String> values, Once once) {
        if (lastVersion(definition, once.application()) >= once.version()) {
            return new Merged(0, 0, 0);
        }
        Row merged = InternalJobs.once(spark, once, () -> DeltaTable.forPath(spark, home.tablePath(definition.name()))
                .as("kept")
                .merge(changes.as("changed"), condition(definition, values))
                .whenMatched(is(RowChange.DELETE))
                .delete()
                .whenMatched()
                .updateAll()
                .whenNotMatched(is(RowChange.INSERT))
                .insertAll()
                .execute()
                .first());
        return new Merged(
                merged.<Long>getAs("num_inserted_rows"),
                merged.<Long>getAs("num_updated_rows"),
                merged.<Long>getAs("num_deleted_rows"));
    }

    private static Column is(RowChange change) {
        return functions.col("changed." + RowChange.COLUMN).equalTo(change.code());
    }

    private static Column condition(TableDefinition definition, List<String> values) {
        Column condition = functions.expr(definition.key().stream()
                .map(QuotingUtils::quoteIdentifier)
                .map(column -> "kept." + column + " = changed." + column)
                .collect(Collectors.joining(" AND ")));
        if (values.isEmpty() || values.size() > MOST_PARTITIONS) {
            return condition;
        }
        // Named, so that files of other partitions are not read.
        String partition =
                QuotingUtils.quoteIdentifier(definition.partitionColumn().orElseThrow());
        return condition.and(functions.col("kept." + partition).isin(values.toArray()));
    }
}
