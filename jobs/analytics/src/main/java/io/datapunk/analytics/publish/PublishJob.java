package io.datapunk.analytics.publish;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.map_from_arrays;

import io.datapunk.analytics.work.Workers;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.DeltaAppend.Once;
import io.datapunk.lake.delta.PublishedPartitions;
import io.datapunk.lake.delta.TableChanges;
import io.datapunk.lake.delta.TableLog;
import io.datapunk.lake.delta.TableVersion;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.model.table.PublishedColumns;
import io.datapunk.lake.model.table.TableDefinition;
import io.datapunk.lake.spark.LakeSession;
import io.datapunk.lake.storage.JobLease;
import io.datapunk.lake.storage.Leases;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.SparkSession;

/** Brings published tables to where the tables are that they are computed of. */
public final class PublishJob {
    private static final String JOB = "analytics";

    private final Supplier<SparkSession> spark;
    private final LakeHome home;
    private final TableChanges changes;

    /** @param spark is asked where something has to be computed: to find out takes no Spark */
    public PublishJob(Supplier<SparkSession> spark, LakeConfig config, LakeHome home) {
        this.spark = spark;
        this.home = home;
        this.changes = new TableChanges(TableLog.of(config, home));
    }

    /**
     * What to publish.
     *
     * @param tables one that is computed of another stands behind it
     * @param full all months, whatever has changed
     * @param dryRun only tell what would be computed of the sources as they are
     */
    public record Request(List<PublishedTable> tables, boolean full, boolean dryRun, Instant now) {
        public Request {
            tables = List.copyOf(tables);
        }
    }

    /** How a table was brought up to date. */
    public enum Refresh {
        /** None of its sources exists. */
        NO_SOURCE,
        /** No source has changed. */
        UNCHANGED,
        /** Some months were computed. */
        MONTHS,
        /** Everything was computed. */
        FULL
    }

    /**
     * What became of a table.
     *
     * @param months that were computed, where only some were
     * @param rows that were written
     * @param sources their versions, as {@code user_data.activity@12}
     */
    public record Published(
            String table, Refresh refresh, List<String> months, long rows, double seconds, List<String> sources) {}

    /** @throws LakeException where another run is under way, or a table cannot be read or written */
    public List<Published> run(Request request, Progress progress) {
        try (JobLease lease = new Leases(home).acquire(JOB);
                Progress.Stage stage =
                        progress.begin("publishing", request.tables().size(), "tables");
                Workers workers = new Workers()) {
            Map<DatasetName, CompletableFuture<Published>> tables = new LinkedHashMap<>();
            for (PublishedTable table : request.tables()) {
                List<CompletableFuture<Published>> before = table.sources().stream()
                        .map(source -> tables.get(source.name()))
                        .filter(Objects::nonNull)
                        .toList();
                tables.put(table.definition().name(), workers.submit(before, () -> {
                    Published one = publish(table, request, before);
                    stage.advance(1);
                    return one;
                }));
            }
            return workers.join(tables.values());
        }
    }

    private Published publish(PublishedTable table, Request request, List<CompletableFuture<Published>> before) {
        // What a dry run has not computed, others would be computed of.
        boolean told = request.dryRun()
                && before.stream()
                        .map(CompletableFuture::join)
                        .anyMatch(source -> source.refresh() == Refresh.FULL || source.refresh() == Refresh.MONTHS);
        return told ? new Published(name(table), Refresh.FULL, List.of(), 0, 0, List.of()) : publish(table, request);
    }

    private Published publish(PublishedTable table, Request request) {
        long begin = System.nanoTime();
        Map<DatasetName, TableVersion> versions = new TreeMap<>();
        for (TableDefinition source : table.sources()) {
            changes.newest(source.name()).ifPresent(version -> versions.put(source.name(), version));
        }
        if (versions.isEmpty()) {
            return new Published(name(table), Refresh.NO_SOURCE, List.of(), 0, 0, List.of());
        }
        Map<DatasetName, OptionalLong> read = new TreeMap<>();
        versions.forEach((source, version) ->
                read.put(source, changes.lastVersion(table.definition().name(), application(table, version))));
        boolean moved = versions.values().stream()
                .anyMatch(version -> !read.get(version.dataset()).equals(OptionalLong.of(version.version())));
        Optional<Set<String>> months = request.full() ? Optional.empty() : stale(table, versions, read);
        long rows =
                (moved || request.full()) && !request.dryRun() ? compute(table, versions, months, request.now()) : 0;
        return new Published(
                name(table),
                months.isEmpty() ? Refresh.FULL : months.get().isEmpty() ? Refresh.UNCHANGED : Refresh.MONTHS,
                List.copyOf(months.orElse(Set.of())),
                rows,
                (System.nanoTime() - begin) / 1e9,
                versions.values().stream()
                        .map(version -> version.dataset() + "@" + version.version())
                        .toList());
    }

    private synchronized SparkSession session() {
        return spark.get();
    }

    /** Where no month is to be computed, the table only remembers how far it has read. */
    private long compute(
            PublishedTable table, Map<DatasetName, TableVersion> versions, Optional<Set<String>> months, Instant now) {
        SparkSession session = session();
        try (Sources sources = new Sources(session, home, versions, months)) {
            return LakeSession.internal(session, () -> new PublishedPartitions(session, home, table.definition())
                    .replace(
                            months,
                            () -> table.rows(sources)
                                    .withColumn(PublishedColumns.COMPUTED_AT, lit(now))
                                    .withColumn(PublishedColumns.SOURCE_VERSIONS, sourceVersions(versions)),
                            versions.values().stream()
                                    .map(version -> new Once(application(table, version), version.version()))
                                    .toList()));
        }
    }

    /** The months to be computed; empty: all of them. */
    private Optional<Set<String>> stale(
            PublishedTable table, Map<DatasetName, TableVersion> versions, Map<DatasetName, OptionalLong> read) {
        Set<String> changed = new TreeSet<>();
        for (TableVersion version : versions.values()) {
            OptionalLong last = read.get(version.dataset());
            Optional<Set<String>> partitions =
                    last.isEmpty() ? Optional.empty() : changes.between(version, last.getAsLong());
            if (partitions.isEmpty()) {
                return Optional.empty();
            }
            partitions.get().stream().map(Sources::monthOf).forEach(changed::add);
        }
        if (changed.isEmpty()) {
            return Optional.of(changed);
        }
        if (table.definition().partitionColumn().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(table.affected(changed, new PublishedTable.Months() {
            @Override
            public Set<String> own() {
                return months(Set.of(table.definition().name()));
            }

            @Override
            public Set<String> ofSources() {
                return months(versions.keySet());
            }
        }));
    }

    private Set<String> months(Set<DatasetName> datasets) {
        Set<String> months = new TreeSet<>();
        datasets.forEach(dataset ->
                changes.partitions(dataset).stream().map(Sources::monthOf).forEach(months::add));
        return months;
    }

    private static String name(PublishedTable table) {
        return table.definition().name().toString();
    }

    /** Under which name the table remembers how far it has read a source: whatever makes its rows others is in it. */
    private static String application(PublishedTable table, TableVersion source) {
        return String.join(
                ":",
                "publish",
                Integer.toString(table.revision()),
                table.settings(),
                source.dataset().toString(),
                source.tableId());
    }

    private static Column sourceVersions(Map<DatasetName, TableVersion> versions) {
        String[] names = versions.keySet().stream().map(DatasetName::toString).toArray(String[]::new);
        Long[] numbers = versions.values().stream().map(TableVersion::version).toArray(Long[]::new);
        return map_from_arrays(lit(names), lit(numbers));
    }
}
