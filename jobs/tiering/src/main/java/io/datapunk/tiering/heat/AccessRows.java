package io.datapunk.tiering.heat;

import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.DeltaSchemas;
import io.datapunk.lake.model.Tier;
import io.datapunk.lake.model.table.AccessHoursTable;
import io.datapunk.lake.model.table.AccessInputsTable;
import io.datapunk.lake.model.table.AccessLogTable;
import io.datapunk.tiering.heat.AccessRollup.PartitionHour;
import io.datapunk.tiering.heat.AccessRollup.Touch;
import io.datapunk.tiering.policy.Accesses;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Accesses as rows of the tables that hold them, and back. */
final class AccessRows {
    /** Whose queries come in several lines, which may lie in several batches. */
    private static final Set<String> SPREAD = Set.of("spark", "s3");

    private final SparkSession spark;
    private final LakeHome home;
    private final TableFacts facts;

    AccessRows(SparkSession spark, LakeHome home, TableFacts facts) {
        this.spark = spark;
        this.home = home;
        this.facts = facts;
    }

    Dataset<Row> log(List<AccessLine> lines) {
        List<Row> rows = new ArrayList<>(lines.size());
        for (AccessLine line : lines) {
            rows.add(RowFactory.create(
                    line.at(),
                    line.partition(),
                    line.origin(),
                    line.accesses(),
                    line.principal().orElse(null),
                    line.queryId().orElse(null),
                    facts.tier(line).map(Tier::name).orElse(null),
                    line.filters().toArray(String[]::new),
                    day(line.at())));
        }
        return spark.createDataFrame(rows, DeltaSchemas.structType(AccessLogTable.DEFINITION));
    }

    Dataset<Row> hours(Map<PartitionHour, Long> counts) {
        List<Row> rows = new ArrayList<>(counts.size());
        counts.forEach((key, count) -> {
            Instant hour = Accesses.beginOf(key.hour());
            rows.add(RowFactory.create(hour, key.partition(), count, day(hour)));
        });
        return spark.createDataFrame(rows, DeltaSchemas.structType(AccessHoursTable.DEFINITION));
    }

    /** Counts as {@link StagedCounts} writes them. */
    Dataset<Row> hours(Path counts) {
        return StagedCounts.read(spark, counts)
                .select(
                        functions
                                .timestamp_seconds(
                                        functions.col(StagedCounts.HOUR).multiply(3600L))
                                .as(AccessHoursTable.HOUR),
                        functions.col(StagedCounts.PARTITION).as(AccessHoursTable.PARTITION),
                        functions.col(StagedCounts.ACCESSES).as(AccessHoursTable.ACCESSES))
                .withColumn(
                        AccessHoursTable.DAY,
                        functions.date_format(functions.col(AccessHoursTable.HOUR), "yyyy-MM-dd"));
    }

    Dataset<Row> inputs(AccessBatch batch, List<AccessInput> inputs) {
        List<Row> rows = new ArrayList<>(inputs.size());
        for (AccessInput input : inputs) {
            rows.add(RowFactory.create(
                    input.source(),
                    input.input(),
                    input.revision(),
                    input.position(),
                    input.accesses(),
                    batch.number(),
                    batch.now()));
        }
        return spark.createDataFrame(rows, DeltaSchemas.structType(AccessInputsTable.DEFINITION));
    }

    /**
     * What a source has handed over, by input; of several rows of one input the newest batch's.
     *
     * @param source as {@link AccessSource#name}
     */
    Map<String, TakenInput> taken(String source) {
        Dataset<Row> rows = spark.read()
                .format("delta")
                .load(home.tablePath(AccessInputsTable.DEFINITION.name()))
                .where(functions.col(AccessInputsTable.SOURCE).equalTo(source))
                .groupBy(AccessInputsTable.INPUT)
                .agg(functions
                        .max_by(
                                functions.struct(
                                        AccessInputsTable.REVISION,
                                        AccessInputsTable.POSITION,
                                        AccessInputsTable.ACCESSES,
                                        AccessInputsTable.TAKEN_AT),
                                functions.col(AccessInputsTable.BATCH))
                        .as("newest"))
                .select(AccessInputsTable.INPUT, "newest.*");
        Map<String, TakenInput> taken = new HashMap<>();
        for (Row row : rows.collectAsList()) {
            taken.put(
                    row.getString(0),
                    new TakenInput(
                            new AccessInput(source, row.getString(0), row.getString(1), row.getLong(2), row.getLong(3)),
                            row.getTimestamp(4).toInstant()));
        }
        return taken;
    }

    /** @param takenAt by the clock of the run that took it */
    record TakenInput(AccessInput input, Instant takenAt) {}

    /** What the log held of these lines' queries before the batch: a query may be spread over files. */
    Set<Touch> alreadyCounted(AccessBatch batch, List<AccessLine> lines) {
        Set<String> days = new TreeSet<>();
        Set<String> seen = new HashSet<>();
        List<Row> queries = new ArrayList<>();
        for (AccessLine line : lines) {
            if (line.queryId().isPresent() && SPREAD.contains(line.origin())) {
                days.add(day(line.at()));
                // The query may have begun on the day before.
                days.add(day(line.at().minus(Duration.ofDays(1))));
                if (seen.add(line.queryId().get())) {
                    queries.add(RowFactory.create(line.queryId().get()));
                }
            }
        }
        if (queries.isEmpty() || batch.logVersion() == 0) {
            return Set.of();
        }
        Dataset<Row> before = spark.read()
                .format("delta")
                .option("versionAsOf", batch.logVersion())
                .load(home.tablePath(AccessLogTable.DEFINITION.name()))
                .where(functions.col(AccessLogTable.DAY).isin(days.toArray()));
        Dataset<Row> asked =
                spark.createDataFrame(queries, new StructType().add(AccessLogTable.QUERY_ID, DataTypes.StringType));
        Set<Touch> touches = new HashSet<>();
        for (Row row : before.join(asked, AccessLogTable.QUERY_ID)
                .select(AccessLogTable.QUERY_ID, AccessLogTable.PARTITION)
                .distinct()
                .collectAsList()) {
            touches.add(new Touch(row.getString(0), row.getString(1)));
        }
        return touches;
    }

    static String day(Instant time) {
        return LocalDate.ofInstant(time, ZoneOffset.UTC).toString();
    }
}
