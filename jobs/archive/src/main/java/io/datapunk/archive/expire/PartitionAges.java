package io.datapunk.archive.expire;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_set;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.when;

import io.datapunk.archive.retention.DueRows;
import io.datapunk.archive.retention.PartitionFacts;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.FileTags;
import io.datapunk.lake.hold.Hold;
import io.datapunk.lake.model.PartitionFiles;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.table.ProvenanceColumns;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.util.QuotingUtils;

/** When partitions' youngest rows entered the lake, which are due, when their events were, and whose they are. */
final class PartitionAges {
    private final SparkSession spark;
    private final LakeHome home;

    PartitionAges(SparkSession spark, LakeHome home) {
        this.spark = spark;
        this.home = home;
    }

    /**
     * @param since empty where the table does not say and its files do not either
     * @param dueRows empty where the table does not say
     * @param events empty where a row has no time
     * @param persons of those asked for, who have rows in it; empty where the table does not tell persons
     */
    record Age(
            Optional<Instant> since,
            Optional<DueRows> dueRows,
            long rows,
            Optional<PartitionFacts.Events> events,
            Optional<Set<String>> persons) {}

    /**
     * Reads some partitions of one dataset, at one version, in one job.
     *
     * @param limits what entered a partition before is due
     */
    Map<PartitionName, Age> of(List<PartitionFiles> partitions, Map<PartitionName, Instant> limits, List<Hold> holds) {
        PartitionName any = partitions.get(0).partition();
        Column partition = column(any.value().orElseThrow().column());
        Map<String, PartitionFiles> byValue = partitions.stream()
                .collect(Collectors.toMap(
                        files -> files.partition().value().orElseThrow().value(), Function.identity()));
        Dataset<Row> rows = spark.read()
                .format("delta")
                .option("versionAsOf", partitions.get(0).deltaVersion())
                .load(home.tablePath(any.dataset()))
                .where(partition.isin(byValue.keySet().toArray()));
        RowConditions conditions = new RowConditions(Set.of(rows.columns()));
        Column ingested = conditions.ingested();
        Column event = conditions.event();
        Column person = conditions.tellPersons()
                ? when(
                        col(ProvenanceColumns.USER_ID)
                                .isin(holds.stream()
                                        .flatMap(hold -> hold.userId().stream())
                                        .toArray()),
                        col(ProvenanceColumns.USER_ID))
                : lit(null).cast("string");
        Column due = conditions.enteredBefore(limit(partition, limits));
        Column held = conditions.held(any.dataset(), holds);
        Map<PartitionName, Age> ages = new TreeMap<>();
        for (Row row : rows.groupBy(partition.cast("string"))
                .agg(
                        count(lit(1)),
                        max(ingested),
                        count(ingested),
                        min(event),
                        max(event),
                        count(event),
                        collect_set(person),
                        count_if(due.and(not(held))),
                        count_if(due.and(held)))
                .collectAsList()) {
            PartitionFiles files = byValue.get(row.getString(0));
            long count = row.getLong(1);
            // Rows that lack what others have may be the youngest.
            Optional<Instant> since = conditions.tellIngest()
                    ? row.getLong(3) == count ? Optional.of(instant(row.getLong(2))) : Optional.empty()
                    : written(files);
            Optional<PartitionFacts.Events> events = row.getLong(6) == count
                    ? Optional.of(new PartitionFacts.Events(instant(row.getLong(4)), instant(row.getLong(5))))
                    : Optional.empty();
            ages.put(
                    files.partition(),
                    new Age(
                            since,
                            conditions.tellIngest()
                                    ? Optional.of(
                                            new DueRows(limits.get(files.partition()), row.getLong(8), row.getLong(9)))
                                    : Optional.empty(),
                            count,
                            events,
                            conditions.tellPersons() ? Optional.of(Set.copyOf(row.getList(7))) : Optional.empty()));
        }
        return ages;
    }

    private static Column column(String name) {
        return col(QuotingUtils.quoteIdentifier(name));
    }

    /** A partition's limit, in microseconds since the epoch. */
    private static Column limit(Column partition, Map<PartitionName, Instant> limits) {
        Map<Instant, List<String>> byLimit = limits.entrySet().stream()
                .collect(Collectors.groupingBy(
                        Map.Entry::getValue,
                        TreeMap::new,
                        Collectors.mapping(
                                entry -> entry.getKey().value().orElseThrow().value(), Collectors.toList())));
        Column limit = lit(null).cast("bigint");
        for (Map.Entry<Instant, List<String>> values : byLimit.entrySet()) {
            limit = when(
                            partition.cast("string").isin(values.getValue().toArray()),
                            lit(RowConditions.micros(values.getKey())))
                    .otherwise(limit);
        }
        return limit;
    }

    private static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    private static Optional<Instant> written(PartitionFiles files) {
        return files.files().stream().map(FileTags::writtenAt).max(Comparator.naturalOrder());
    }
}
