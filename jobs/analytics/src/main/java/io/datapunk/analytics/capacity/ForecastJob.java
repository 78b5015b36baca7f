package io.datapunk.analytics.capacity;

import io.datapunk.analytics.capacity.CapacityReport.Size;
import io.datapunk.analytics.capacity.Jumps.Jump;
import io.datapunk.analytics.capacity.Subject.Kind;
import io.datapunk.analytics.forecast.Forecast;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.DeltaAppend;
import io.datapunk.lake.delta.DeltaSchemas;
import io.datapunk.lake.delta.DeltaTables;
import io.datapunk.lake.delta.PublishedPartitions;
import io.datapunk.lake.delta.TableChanges;
import io.datapunk.lake.delta.TableLog;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.model.Tier;
import io.datapunk.lake.model.table.StorageTables;
import io.datapunk.lake.spark.LakeSession;
import io.datapunk.lake.storage.JobLease;
import io.datapunk.lake.storage.Leases;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;

/** Measures how much room the lake takes, and tells what to expect of the next six months. */
public final class ForecastJob {
    private static final String JOB = "forecast";

    /** From so many on small files are worth being told. [ours] */
    private static final int MANY_SMALL_FILES = 100;

    /** The largest partition beside the median one. [ours] */
    private static final double SKEWED = 100;

    /** [000] */
    private static final double WRITTEN_TOO_OFTEN = 3.0;

    private static final double LEAST_CACHE_HITS = 0.95;

    private final SparkSession spark;
    private final LakeConfig config;
    private final LakeHome home;
    private final TableChanges changes;

    public ForecastJob(SparkSession spark, LakeConfig config, LakeHome home) {
        this.spark = spark;
        this.config = config;
        this.home = home;
        this.changes = new TableChanges(TableLog.of(config, home));
    }

    /**
     * Measures and looks ahead.
     *
     * @param dryRun keep nothing
     * @throws LakeException (failed) where another run is under way
     */
    public CapacityReport run(Instant now, boolean dryRun, Progress progress) {
        try (JobLease lease = new Leases(home).acquire(JOB);
                Progress.Stage stage = progress.begin("measuring and forecasting", Progress.UNKNOWN_TOTAL, "sizes")) {
            LakeMeasures measures = LakeMeasures.take(config, home);
            SortedMap<Subject, Outlook> outlooks = LakeSession.internal(spark, () -> outlooks(measures, now));
            stage.advance(outlooks.size());
            if (!dryRun) {
                LakeSession.internal(spark, () -> keep(measures, outlooks, now));
            }
            return report(measures, outlooks);
        }
    }

    private SortedMap<Subject, Outlook> outlooks(LakeMeasures measures, Instant now) {
        SizeHistory history = SizeHistory.read(spark, home, changes);
        LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
        Map<Subject, Double> capacities = new TreeMap<>();
        capacities.put(new Subject(Kind.POSTGRES, "database"), (double)
                config.tiering().budget().hotBytes());
        config.analytics().warmCapacity().ifPresent(bytes -> capacities.put(tier(Tier.WARM), (double) bytes));
        config.analytics().coldCapacity().ifPresent(bytes -> capacities.put(tier(Tier.COLD), (double) bytes));
        List<Subject> subjects = new ArrayList<>();
        for (Reading reading : measures.readings()) {
            if (reading.metric().equals(Reading.CAPACITY_BYTES)) {
                capacities.put(reading.subject(), reading.value());
            }
            if (reading.metric().equals(Reading.BYTES) && reading.subject().kind() != Kind.DATASET) {
                history.add(reading.subject(), today, reading.value());
                subjects.add(reading.subject());
            }
        }
        history.addWritten(LakeMeasures.LAKE, measures.writtenByDay());
        SortedMap<Subject, Outlook> outlooks = new TreeMap<>();
        for (Subject subject : subjects) {
            OptionalDouble capacity = capacities.containsKey(subject)
                    ? OptionalDouble.of(capacities.get(subject))
                    : OptionalDouble.empty();
            outlooks.put(subject, Outlook.of(history.series(subject), history.first(subject), capacity));
        }
        return outlooks;
    }

    private static Subject tier(Tier tier) {
        return new Subject(Kind.TIER, tier.name());
    }

    private void keep(LakeMeasures measures, SortedMap<Subject, Outlook> outlooks, Instant now) {
        List<Reading> readings = new ArrayList<>(measures.readings());
        outlooks.forEach((subject, outlook) -> {
            readings.add(new Reading(subject, Reading.BYTES_PER_DAY, outlook.perDay()));
            outlook.daysToReserve()
                    .ifPresent(days -> readings.add(new Reading(subject, Reading.DAYS_TO_RESERVE, days)));
            outlook.daysToFull().ifPresent(days -> readings.add(new Reading(subject, Reading.DAYS_TO_FULL, days)));
        });
        String month = YearMonth.from(now.atZone(ZoneOffset.UTC)).toString();
        List<Row> rows = readings.stream()
                .map(reading -> RowFactory.create(
                        reading.subject().kind().toString(),
                        reading.subject().name(),
                        reading.metric(),
                        reading.value(),
                        now,
                        Map.of(),
                        month))
                .toList();
        DeltaTables.ensure(spark, home, StorageTables.MEASURED);
        new DeltaAppend(spark, home)
                .append(
                        StorageTables.MEASURED,
                        spark.createDataFrame(rows, DeltaSchemas.structType(StorageTables.MEASURED)));
        new PublishedPartitions(spark, home, StorageTables.FORESEEN)
                .replace(Optional.empty(), () -> foreseen(outlooks, now), List.of());
    }

    private Dataset<Row> foreseen(SortedMap<Subject, Outlook> outlooks, Instant now) {
        LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
        List<Row> rows = new ArrayList<>();
        outlooks.forEach((subject, outlook) -> outlook.forecast().ifPresent(forecast -> {
            for (int day = 0; day < forecast.steps().size(); day++) {
                Forecast.Step step = forecast.steps().get(day);
                rows.add(RowFactory.create(
                        subject.kind().toString(),
                        subject.name(),
                        java.sql.Date.valueOf(today.plusDays(day + 1L)),
                        step.mean(),
                        step.low(),
                        step.high(),
                        outlook.capacity().isPresent() ? outlook.capacity().getAsDouble() : null,
                        now,
                        Map.of()));
            }
        }));
        return spark.createDataFrame(rows, DeltaSchemas.structType(StorageTables.FORESEEN));
    }

    private static CapacityReport report(LakeMeasures measures, SortedMap<Subject, Outlook> outlooks) {
        return new CapacityReport(
                outlooks.entrySet().stream()
                        .map(subject -> size(subject.getKey(), subject.getValue()))
                        .toList(),
                measures.readings().stream()
                        .filter(reading -> reading.metric().startsWith(Reading.COMPRESSION_RATIO))
                        .collect(Collectors.toMap(
                                reading -> reading.metric().substring(Reading.COMPRESSION_RATIO.length() + 1),
                                Reading::value)),
                first(measures, Reading.WRITE_AMPLIFICATION),
                first(measures, Reading.CACHE_HIT_RATIO),
                findings(measures),
                measures.problems());
    }

    private static Size size(Subject subject, Outlook outlook) {
        Optional<Forecast.Step> last = outlook.forecast()
                .map(forecast -> forecast.steps().get(forecast.steps().size() - 1));
        return new Size(
                subject.kind().toString(),
                subject.name(),
                outlook.size(),
                outlook.perDay(),
                optional(last.map(Forecast.Step::mean)),
                optional(last.map(Forecast.Step::low)),
                optional(last.map(Forecast.Step::high)),
                outlook.capacity(),
                outlook.daysToReserve(),
                outlook.daysToFull(),
                outlook.forecast().map(Forecast::model).orElse(""),
                optional(outlook.test()
                        .filter(test -> test.naiveError() > 0)
                        .map(test -> test.error() / test.naiveError())),
                outlook.jumps().stream()
                        .collect(Collectors.toMap(Jump::day, Jump::change, (one, other) -> other, TreeMap::new)));
    }

    private static OptionalDouble optional(Optional<Double> value) {
        return value.map(OptionalDouble::of).orElse(OptionalDouble.empty());
    }

    private static OptionalDouble first(LakeMeasures measures, String metric) {
        return measures.readings().stream()
                .filter(reading -> reading.metric().equals(metric))
                .mapToDouble(Reading::value)
                .findFirst();
    }

    private static List<String> findings(LakeMeasures measures) {
        List<String> findings = new ArrayList<>();
        for (Reading reading : measures.readings()) {
            String name = reading.subject().name();
            switch (reading.metric()) {
                case Reading.SMALL_FILES -> {
                    if (reading.value() >= MANY_SMALL_FILES) {
                        findings.add(String.format(
                                Locale.ROOT,
                                "%s has %,.0f files below 16 MiB beside others of their partition: each read opens them all",
                                name,
                                reading.value()));
                    }
                }
                case Reading.SKEW -> {
                    if (reading.value() >= SKEWED) {
                        findings.add(String.format(
                                Locale.ROOT,
                                "the largest partition of %s is %,.0f times as large as the median one: one task works on"
                                        + " it while the others wait",
                                name,
                                reading.value()));
                    }
                }
                case Reading.WRITE_AMPLIFICATION -> {
                    if (reading.value() > WRITTEN_TOO_OFTEN) {
                        findings.add(String.format(
                                Locale.ROOT,
                                "%.1f bytes were written for each byte of new rows, above %.1f: moves and rewrites cost"
                                        + " more than what comes in",
                                reading.value(),
                                WRITTEN_TOO_OFTEN));
                    }
                }
                case Reading.CACHE_HIT_RATIO -> {
                    if (reading.value() < LEAST_CACHE_HITS) {
                        findings.add(String.format(
                                Locale.ROOT,
                                "PostgreSQL found %.1f %% of its blocks in memory, below %.0f %%: shared_buffers may be too"
                                        + " small",
                                100 * reading.value(),
                                100 * LEAST_CACHE_HITS));
                    }
                }
                default -> {}
            }
        }
        return findings;
    }
}
