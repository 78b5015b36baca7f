package io.datapunk.cli;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import io.datapunk.ingest.sample.SampleExport;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.TableLog;
import io.datapunk.lake.delta.TableSnapshot;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.PartitionFiles;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.PartitionValue;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.model.table.EventColumns;
import io.datapunk.lake.spark.LakeSession;
import io.datapunk.lake.spark.LakeSql;
import io.datapunk.lake.sql.SqlFormat;
import io.datapunk.tiering.heat.AccessSpool;
import io.datapunk.tiering.heat.SimulatedAccesses;
import io.datapunk.tiering.plan.Survey;
import io.datapunk.tiering.policy.Rate;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The whole pipeline on a made-up export, step by step, as a user would run the commands one after the other. */
final class DemoRun {
    private static final long SEED = 42;
    private static final double SCALE = 1;
    private static final String USER = "ann";

    /** How far the clock is set ahead: cold needs 90 days without reads. */
    private static final Duration SIMULATED = Duration.ofDays(120);

    /** The newest months are read all the time at the end, the next ones now and then, the others never. */
    private static final int BUSY_MONTHS = 2;

    private static final int USED_MONTHS = 12;

    private static final Map<String, String> QUERIES = queries();

    /** What {@code --json} prints: the results of the commands that were run, by their names. */
    record Result(String home, Instant simulatedNow, Object ingest, Object heat, Object tierApply, Object tierStatus) {}

    private final Invocation real;
    private final Invocation simulated;
    private final LakeConfig config;
    private final LakeHome home;

    DemoRun(Invocation invocation) {
        invocation.refuseDryRun(
                "the demo",
                "each of its steps needs the one before",
                "run it: it works in a lake of its own, " + invocation.config().home());
        this.real = invocation;
        this.simulated = new Invocation(
                invocation.config(),
                invocation.now().plus(SIMULATED).truncatedTo(ChronoUnit.SECONDS),
                invocation.json(),
                false,
                invocation.progress(),
                invocation.stdin());
        this.config = invocation.config();
        this.home = LakeHome.open(config);
    }

    Outcome run() {
        List<Path> export = sampleExport();
        Outcome ingest = new IngestRun(real).run(export, USER);
        simulateAccesses();
        Outcome heat = new HeatRun(simulated).run();
        Outcome apply = new TierRun(simulated).apply(null);
        TierStatusListing status = TierStatusListing.read(simulated);
        List<String> warnings = new ArrayList<>(ingest.warnings());
        warnings.addAll(heat.warnings());
        warnings.addAll(apply.warnings());
        warnings.addAll(status.warnings());
        return new Outcome(
                new Result(
                        config.home(),
                        simulated.now(),
                        ingest.result(),
                        heat.result(),
                        apply.result(),
                        status.partitions()),
                out -> print(export, ingest, new Placed(status, apply), out),
                warnings,
                ingest.problem().or(apply::problem));
    }

    private List<Path> sampleExport() {
        Path folder = home.local().resolve("demo");
        try (Progress.Stage stage = real.progress().begin("making a sample export", 1, "exports")) {
            Files.createDirectories(folder);
            List<Path> containers = SampleExport.write(folder, SEED, SCALE).containers();
            stage.advance(1);
            return containers;
        } catch (IOException e) {
            throw LakeException.failed(
                    "the sample export cannot be written to " + folder,
                    e.getMessage(),
                    "make room there, or name another home with --lake",
                    e);
        }
    }

    /** Nobody waits 120 days for a demo: reads of that time are made up, marked as such, and heard like real ones. */
    private void simulateAccesses() {
        TableLog log = TableLog.of(config, home);
        SimulatedAccesses accesses = new SimulatedAccesses(SEED);
        Instant until = simulated.now();
        Instant usedFrom = until.minus(Duration.ofDays(30));
        Instant busyFrom = until.minus(Duration.ofDays(3));
        for (DatasetName dataset : Survey.datasets()) {
            List<PartitionName> months =
                    log.snapshot(dataset).map(DemoRun::newestFirst).orElse(List.of());
            // One early read: only what was watched all the time can be called unread.
            months.stream()
                    .limit(1)
                    .forEach(month -> accesses.read(
                            month, Rate.perHour(1), real.now(), real.now().plus(Duration.ofHours(1))));
            months.stream().limit(USED_MONTHS).forEach(month -> accesses.read(month, Rate.perDay(1), usedFrom, until));
            months.stream()
                    .limit(BUSY_MONTHS)
                    .forEach(month -> accesses.read(month, Rate.perHour(14), busyFrom, until));
        }
        new AccessSpool(home.spool()).write(accesses.lines());
    }

    private static List<PartitionName> newestFirst(TableSnapshot table) {
        return table.partitions().stream()
                .map(PartitionFiles::partition)
                .filter(partition -> partition
                        .value()
                        .map(PartitionValue::value)
                        .filter(month -> !month.equals(EventColumns.UNDATED))
                        .isPresent())
                .sorted(Comparator.reverseOrder())
                .toList();
    }

    private void print(List<Path> export, Outcome ingest, Placed placed, PrintWriter out) {
        heading("What came in", out);
        export.forEach(part -> out.println(part));
        ingest.text().accept(out);
        heading("Where it lies, and why", out);
        out.println("Simulated: the clock stands at " + simulated.now() + ", " + SIMULATED.toDays()
                + " days ahead, and the reads of these days are made up.");
        out.println("Your own lake uses its real clock, and the reads that it records.");
        out.println();
        tiers(placed.status()).print(out);
        out.println();
        examples(placed).print(out);
        heading("Three questions", out);
        LakeSql sql = new LakeSql(LakeSession.open(config, home));
        QUERIES.forEach((question, statement) -> {
            out.println(question);
            out.println("  ./lake sql \"" + statement + "\" " + lakeOption());
            SqlRun.print(sink -> sql.run(statement, sink), SqlFormat.TABLE.to(out));
            out.println();
        });
        heading("What to try next", out);
        String lake = lakeOption();
        out.println("  ./lake tables " + lake);
        out.println("  ./lake tier status " + lake + " --now " + simulated.now());
        out.println("  ./lake sql \"select check, reason, count(*) from imports.quarantine group by all\" " + lake);
        out.println("  ./lake report " + lake + "      one page of all that, for a browser");
        out.println("  ./lake ingest takeout-….zip --user YOU      your own export, in ./lake-home");
        out.println("  ./lake down " + lake);
        out.flush();
    }

    /** As a shell takes it. */
    private String lakeOption() {
        return "--lake " + (config.home().matches("[\\w./:+-]+") ? config.home() : "'" + config.home() + "'");
    }

    private static TextTable tiers(TierStatusListing status) {
        TextTable table = new TextTable(
                List.of("DATASET", "HOT", "WARM", "COLD", "OTHER"), Set.of("HOT", "WARM", "COLD", "OTHER"));
        Map<String, Map<String, Long>> tiers = status.partitions().stream()
                .collect(groupingBy(
                        row -> PartitionName.parse(row.partition()).dataset().toString(),
                        TreeMap::new,
                        groupingBy(TierStatusListing.Partition::tier, counting())));
        tiers.forEach((dataset, counts) -> {
            long named = 0;
            List<String> cells = new ArrayList<>(List.of(dataset));
            for (String tier : List.of("HOT", "WARM", "COLD")) {
                long count = counts.getOrDefault(tier, 0L);
                named += count;
                cells.add(Amounts.count(count));
            }
            long all = counts.values().stream().mapToLong(Long::longValue).sum();
            cells.add(Amounts.count(all - named));
            table.add(cells.toArray(String[]::new));
        });
        return table;
    }

    /** Where partitions are now, and the moves that brought some of them there. */
    private record Placed(TierStatusListing status, Outcome apply) {
        /** Why it was moved; where it was not moved, why it stays. */
        String reason(TierStatusListing.Partition row) {
            return ((TierRun.Applied) apply.result())
                    .moves().stream()
                            .filter(move -> move.partition().equals(row.partition()))
                            .map(TierRun.Move::reason)
                            .findFirst()
                            .orElse(row.reason());
        }
    }

    /** The newest partition of each tier. */
    private static TextTable examples(Placed placed) {
        TextTable table = new TextTable(List.of("FOR EXAMPLE", "TIER", "WHY"), Set.of());
        for (String tier : List.of("HOT", "WARM", "COLD")) {
            placed.status().partitions().stream()
                    .filter(row -> row.tier().equals(tier))
                    .max(Comparator.comparing(TierStatusListing.Partition::partition))
                    .ifPresent(row -> table.add(row.partition(), row.tier(), placed.reason(row)));
        }
        return table;
    }

    private static void heading(String text, PrintWriter out) {
        out.println();
        out.println(text);
        out.println("─".repeat(text.length()));
    }

    private static Map<String, String> queries() {
        Map<String, String> queries = new LinkedHashMap<>();
        queries.put(
                "What was done most, and since when?",
                "select product, count(*) as times, min(event_time) as first, max(event_time) as last"
                        + " from user_data.activity group by product order by times desc limit 5");
        queries.put(
                "What is the mail filed under, and how much of it has attachments?",
                "select label, count(*) as mails, count_if(size(attachments) > 0) as with_attachments"
                        + " from user_data.messages lateral view explode(labels) as label"
                        + " group by label order by mails desc limit 5");
        queries.put(
                "Where was ann in the last months, on average?",
                "select month, count(*) as points, round(avg(latitude), 2) as latitude,"
                        + " round(avg(longitude), 2) as longitude"
                        + " from user_data.locations group by month order by month desc limit 5");
        return queries;
    }
}
