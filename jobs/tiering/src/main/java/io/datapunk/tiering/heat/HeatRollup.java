package io.datapunk.tiering.heat;

import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.table.AccessHoursTable;
import io.datapunk.tiering.policy.Accesses;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/** Reads {@code lake.access_hours} whole: what a summary is made from where it cannot be continued. */
final class HeatRollup {
    private static final int ROWS_PER_TASK = 2_000_000;

    private final SparkSession spark;
    private final LakeHome home;
    private final long version;

    HeatRollup(SparkSession spark, LakeHome home, long version) {
        this.spark = spark;
        this.home = home;
        this.version = version;
    }

    /** The hours of the last {@code window} before {@code now}, as the chunks of a {@link HeatSegment}. */
    Iterator<byte[]> chunks(Instant now, Duration window) {
        Dataset<Row> hours = hours().where(functions.col(AccessHoursTable.DAY).geq(AccessRows.day(now.minus(window))))
                .select(
                        functions.col(AccessHoursTable.PARTITION).as(StagedCounts.PARTITION),
                        functions
                                .unix_seconds(functions.col(AccessHoursTable.HOUR))
                                .divide(3600)
                                .cast("long")
                                .as(StagedCounts.HOUR),
                        functions.col(AccessHoursTable.ACCESSES).as(StagedCounts.ACCESSES))
                .where(functions.col(StagedCounts.HOUR).geq(Accesses.hourOf(now.minus(window))));
        int tasks = (int) (hours.count() / ROWS_PER_TASK) + 1;
        return StagedCounts.chunks(hours.repartition(tasks, functions.col(StagedCounts.PARTITION))
                .groupBy(StagedCounts.PARTITION, StagedCounts.HOUR)
                .agg(functions.sum(StagedCounts.ACCESSES).as(StagedCounts.ACCESSES))
                .sortWithinPartitions(StagedCounts.PARTITION, StagedCounts.HOUR));
    }

    /** The first hour that has accesses, empty where none has. */
    Optional<Instant> firstHour() {
        Row first = hours().agg(functions.min(functions.unix_seconds(functions.col(AccessHoursTable.HOUR))))
                .first();
        return first.isNullAt(0) ? Optional.empty() : Optional.of(Instant.ofEpochSecond(first.getLong(0)));
    }

    private Dataset<Row> hours() {
        return spark.read()
                .format("delta")
                .option("versionAsOf", version)
                .load(home.tablePath(AccessHoursTable.DEFINITION.name()));
    }
}
