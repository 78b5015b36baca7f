package io.datapunk.archive.compliance;

import io.datapunk.archive.backup.repository.Backups;
import io.datapunk.archive.backup.restore.DrillHistory;
import io.datapunk.archive.backup.restore.DrillHistory.Held;
import io.datapunk.archive.compliance.ComplianceReport.Entry;
import io.datapunk.archive.expire.PlanExpiryJob;
import io.datapunk.archive.expire.PlannedExpiry;
import io.datapunk.archive.retention.Decision.Outcome;
import io.datapunk.lake.audit.AuditTrail;
import io.datapunk.lake.config.BackupConfig;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.DeltaAppend;
import io.datapunk.lake.delta.DeltaSchemas;
import io.datapunk.lake.delta.DeltaTables;
import io.datapunk.lake.delta.TableLog;
import io.datapunk.lake.encryption.Keyring;
import io.datapunk.lake.encryption.MasterKeys;
import io.datapunk.lake.encryption.WrappedKey;
import io.datapunk.lake.hold.Hold;
import io.datapunk.lake.hold.HoldStore;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.model.table.AccessHoursTable;
import io.datapunk.lake.model.table.ComplianceTable;
import io.datapunk.lake.model.table.PublishedColumns;
import io.datapunk.lake.model.table.StorageTables;
import io.datapunk.lake.spark.LakeSession;
import io.datapunk.lake.storage.JobLease;
import io.datapunk.lake.storage.Leases;
import io.datapunk.lake.storage.Stores;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/** Gathers what an auditor asks for, and keeps it in {@code analytics.compliance}. [004] */
public final class ComplianceJob {
    private static final String JOB = "compliance";

    /** What is to be deleted, or is kept from it. */
    private static final Set<Outcome> WORTH_TELLING = EnumSet.of(
            Outcome.EXPIRE,
            Outcome.AWAIT_APPROVAL,
            Outcome.HELD,
            Outcome.NEEDED,
            Outcome.OBSTRUCTED,
            Outcome.AGE_UNKNOWN);

    private final SparkSession spark;
    private final LakeConfig config;
    private final LakeHome home;
    private final Configuration stores;
    private final TableLog log;
    private final List<String> problems = new ArrayList<>();

    public ComplianceJob(SparkSession spark, LakeConfig config, LakeHome home) {
        this.spark = spark;
        this.config = config;
        this.home = home;
        this.stores = Stores.configuration(config);
        this.log = TableLog.of(config, home);
    }

    /**
     * Reports.
     *
     * @param period back from now
     * @param dryRun keep nothing
     * @throws LakeException (failed) where another run is under way, or the audit log is not what was written
     */
    public ComplianceReport run(Duration period, Instant now, boolean dryRun, Progress progress) {
        try (JobLease lease = new Leases(home).acquire(JOB);
                Progress.Stage stage = progress.begin("gathering", Section.values().length, "sections")) {
            Instant since = now.minus(period);
            List<Entry> entries = LakeSession.internal(spark, () -> {
                List<Entry> found = new ArrayList<>(accesses(since, now));
                stage.advance(1);
                AuditedEvents events = new AuditedEvents(since, now);
                AuditTrail.of(config, home).read(0, events::add);
                found.addAll(events.entries());
                stage.advance(2);
                found.addAll(measured());
                stage.advance(2);
                found.addAll(retention(now));
                stage.advance(1);
                found.addAll(holds(now));
                found.addAll(keys(now));
                found.addAll(backups(now));
                stage.advance(3);
                return found;
            });
            ComplianceReport report = new ComplianceReport(
                    since,
                    entries.stream()
                            .sorted(Comparator.comparing(Entry::section))
                            .toList(),
                    problems);
            if (!dryRun) {
                LakeSession.internal(spark, () -> keep(report, now));
            }
            return report;
        }
    }

    private Optional<Dataset<Row>> table(DatasetName name) {
        return log.snapshot(name).map(any -> spark.read().format("delta").load(home.tablePath(name)));
    }

    private List<Entry> accesses(Instant since, Instant now) {
        Optional<Dataset<Row>> hours = table(AccessHoursTable.DEFINITION.name());
        if (hours.isEmpty()) {
            return List.of();
        }
        Instant before = since.minus(Duration.between(since, now));
        Column hour = functions.col(AccessHoursTable.HOUR);
        Column isNow = hour.geq(functions.lit(since));
        Column accesses = functions.col(AccessHoursTable.ACCESSES);
        List<Entry> entries = new ArrayList<>();
        hours.get()
                .where(hour.geq(functions.lit(before)).and(hour.lt(functions.lit(now))))
                .groupBy(functions.substring_index(functions.col(AccessHoursTable.PARTITION), "/", 1))
                .agg(
                        functions.sum(functions.when(isNow, accesses).otherwise(0)),
                        functions.sum(functions.when(isNow, 0).otherwise(accesses)))
                .collectAsList()
                .forEach(row -> {
                    entries.add(Entry.of(Section.ACCESS, row.getString(0), "accesses", row.getLong(1)));
                    entries.add(
                            Entry.of(Section.ACCESS, row.getString(0), "accesses_in_the_time_before", row.getLong(2)));
                });
        entries.sort(Comparator.comparing(Entry::subject).thenComparing(Entry::measure));
        return entries;
    }

    /** What the last forecast measured of all but single datasets. */
    private List<Entry> measured() {
        Optional<Dataset<Row>> storage = table(StorageTables.MEASURED.name());
        if (storage.isEmpty()) {
            return List.of();
        }
        Column at = functions.col(PublishedColumns.COMPUTED_AT);
        Row newest = storage.get().agg(functions.max(at)).head();
        return newest.isNullAt(0)
                ? List.of()
                : storage
                        .get()
                        .where(at.equalTo(functions.lit(newest.get(0))))
                        .where(functions.col(StorageTables.SUBJECT).notEqual("dataset"))
                        .select(StorageTables.SUBJECT, StorageTables.NAME, StorageTables.METRIC, StorageTables.VALUE)
                        .collectAsList()
                        .stream()
                        .map(row -> Entry.of(
                                row.getString(2).contains("bytes")
                                                || row.getString(2).contains("days")
                                        ? Section.RESOURCES
                                        : Section.PERFORMANCE,
                                row.getString(0) + " " + row.getString(1),
                                row.getString(2),
                                row.getDouble(3)))
                        .sorted(Comparator.comparing(Entry::subject).thenComparing(Entry::measure))
                        .toList();
    }

    private List<Entry> retention(Instant now) {
        Map<Outcome, List<PlannedExpiry>> byOutcome = new PlanExpiryJob(spark, config, home)
                .preview(now).rows().stream()
                        .filter(row -> WORTH_TELLING.contains(row.outcome()))
                        .collect(Collectors.groupingBy(PlannedExpiry::outcome, TreeMap::new, Collectors.toList()));
        List<Entry> entries = new ArrayList<>();
        byOutcome.forEach((outcome, rows) -> {
            String subject = outcome.name().toLowerCase(Locale.ROOT).replace('_', ' ');
            boolean isDue = outcome.goes();
            entries.add(Entry.of(Section.RETENTION, subject, "partitions_and_packages", rows.size())
                    .withDetail(isDue ? "`lake archive expire` tells which" : "")
                    .asFinding(isDue));
            entries.add(Entry.of(
                    Section.RETENTION,
                    subject,
                    "bytes",
                    rows.stream().mapToLong(PlannedExpiry::bytes).sum()));
        });
        return entries;
    }

    private List<Entry> holds(Instant now) {
        List<Entry> entries = new ArrayList<>();
        for (Hold hold : new HoldStore(home).read()) {
            entries.add(Entry.of(Section.HOLDS, hold.id(), "days", days(hold.placedAt(), now))
                    .withDetail(hold.scope()));
        }
        return entries;
    }

    private List<Entry> keys(Instant now) {
        Set<String> names = new TreeSet<>();
        for (WrappedKey key : new Keyring(home.keysPath(), stores).keys()) {
            names.add(key.masterKey());
        }
        config.audit().masterKey().ifPresent(names::add);
        if (names.isEmpty()) {
            return List.of();
        }
        Duration limit = config.storage().encryption().keyAge();
        List<Entry> entries = new ArrayList<>();
        try {
            MasterKeys masterKeys = MasterKeys.of(stores);
            for (String name : names) {
                entries.add(masterKeys
                        .madeAt(name)
                        .map(madeAt -> Entry.of(Section.KEYS, name, "days", days(madeAt, now))
                                .withDetail("to be replaced after " + limit.toDays() + " days")
                                .asFinding(madeAt.plus(limit).isBefore(now)))
                        .orElseGet(() -> new Entry(
                                Section.KEYS,
                                name,
                                "days",
                                OptionalDouble.empty(),
                                "whoever keeps it does not tell its age",
                                false)));
            }
        } catch (LakeException e) {
            problems.add(e.getMessage());
        }
        return entries;
    }

    private List<Entry> backups(Instant now) {
        BackupConfig.Drill limits = config.backup().drill();
        List<Entry> entries = new ArrayList<>();
        Backups backups = new Backups(config);
        for (String location : config.backup().locations(home)) {
            try {
                OptionalDouble age = backups.points(location).stream()
                        .mapToDouble(point -> hours(point.createdAt(), now))
                        .min();
                entries.add(new Entry(
                        Section.BACKUPS,
                        location,
                        "hours_since_the_newest",
                        age,
                        age.isPresent() ? limits.age().toHours() + " hours are allowed" : "there is none",
                        age.isEmpty() || age.getAsDouble() > limits.age().toHours()));
            } catch (IOException e) {
                problems.add(Backups.outOfReach(location, e).getMessage());
            }
        }
        Optional<Held> drill = DrillHistory.read(config, home).stream().max(Comparator.comparing(Held::at));
        entries.add(new Entry(
                Section.BACKUPS,
                "restore drill",
                "days_since_the_last",
                drill.isPresent() ? OptionalDouble.of(days(drill.get().at(), now)) : OptionalDouble.empty(),
                drill.map(held -> held.passed()
                                ? "it was passed"
                                : held.findings().replace("\n", "; "))
                        .orElse("none was held yet"),
                drill.map(held ->
                                !held.passed() || held.at().plus(limits.every()).isBefore(now))
                        .orElse(true)));
        return entries;
    }

    private static double days(Instant from, Instant to) {
        return Duration.between(from, to).toHours() / 24.0;
    }

    private static double hours(Instant from, Instant to) {
        return Duration.between(from, to).toMinutes() / 60.0;
    }

    private void keep(ComplianceReport report, Instant now) {
        String month = YearMonth.from(now.atZone(ZoneOffset.UTC)).toString();
        List<Row> rows = report.entries().stream()
                .map(entry -> RowFactory.create(
                        report.since(),
                        entry.section().toString(),
                        entry.subject(),
                        entry.measure(),
                        entry.value().isPresent() ? entry.value().getAsDouble() : null,
                        entry.detail(),
                        entry.isFinding(),
                        now,
                        Map.of(),
                        month))
                .toList();
        DeltaTables.ensure(spark, home, ComplianceTable.DEFINITION);
        new DeltaAppend(spark, home)
                .append(
                        ComplianceTable.DEFINITION,
                        spark.createDataFrame(rows, DeltaSchemas.structType(ComplianceTable.DEFINITION)));
    }
}
