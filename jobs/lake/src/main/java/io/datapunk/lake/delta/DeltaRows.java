package io.datapunk.lake.delta;

import static org.apache.spark.sql.functions.col;

import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.table.TableDefinition;
import io.delta.tables.DeltaTable;
import org.apache.spark.sql.SparkSession;

/** Removes rows of the lake's tables. */
public final class DeltaRows {
    private final SparkSession spark;
    private final LakeHome home;

    public DeltaRows(SparkSession spark, LakeHome home) {
        this.spark = spark;
        this.home = home;
    }

    /** Removes the rows that have a value in a column; does nothing where there is no such table. */
    public void delete(TableDefinition table, String column, String value) {
        String path = home.tablePath(table.name());
        InternalJobs.call(spark, () -> {
            if (DeltaTable.isDeltaTable(spark, path)) {
                CommitConflicts.retrying(
                        () -> {
                            DeltaTable.forPath(spark, path).delete(col(column).equalTo(value));
                            return null;
                        },
                        "rows of " + table.name() + " could not be removed",
                        "run the command again when the other one has ended");
            }
            return null;
        });
    }
}
