package io.datapunk.cli;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.spark.SessionSettings;
import io.datapunk.tiering.plan.TieringRules;
import io.datapunk.tiering.policy.Policy;
import io.datapunk.tiering.simulate.CostChart;
import io.datapunk.tiering.simulate.Score;
import io.datapunk.tiering.simulate.Simulation;
import io.datapunk.tiering.simulate.Trace;
import io.datapunk.tiering.simulate.TraceFile;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;

/** Replays a trace and prints what each policy would have cost. */
final class SimulationRun {
    private static final String HOLD_OUT = "write it as 28d or 12h";
    private static final String HOT_SPACE = "write it as 10% (of all bytes) or as a size, 100GiB";

    /** The columns of numbers, by their headings. */
    private static final Map<String, Function<Score, String>> FIGURES = figures();

    private final Invocation invocation;

    SimulationRun(Invocation invocation) {
        this.invocation = invocation;
    }

    /**
     * Runs it.
     *
     * @param holdOut null for the whole trace
     * @param hotSpace null for no limit
     * @param chart null for none
     */
    Outcome run(
            Path file,
            Map<String, String> columns,
            List<String> policies,
            String holdOut,
            String hotSpace,
            Path chart) {
        if (chart != null) {
            CostChart.requireForm(chart);
        }
        Map<String, Policy> named = new LinkedHashMap<>();
        for (String name : policies) {
            named.put(name, TieringRules.policy(name, invocation.config().tiering()));
        }
        Trace trace = read(file, columns);
        Duration replayed = holdOut == null ? Duration.ofHours(trace.hours()) : duration(holdOut);
        Simulation simulation = new Simulation(
                trace,
                TieringRules.prices(invocation.config().tiering().prices()),
                replayed,
                hotSpace == null ? OptionalLong.empty() : OptionalLong.of(bytes(hotSpace, trace.bytes())));
        Simulation.Report report;
        try (Progress.Stage stage =
                invocation.progress().begin("replaying", trace.partitions().size(), "partitions")) {
            report = simulation.run(named);
            stage.advance(trace.partitions().size());
        }
        if (chart != null) {
            new CostChart(report).write(chart);
        }
        return Outcome.of(report, out -> print(report, out));
    }

    private Trace read(Path file, Map<String, String> columns) {
        // Left running: it ends with the process, and may belong to others in this one.
        SparkSession spark = SparkSession.builder()
                .master(SessionSettings.master(invocation.config()))
                .appName("lake tier simulate")
                .config("spark.ui.enabled", "false")
                .config("spark.sql.session.timeZone", "UTC")
                .config(
                        "spark.sql.shuffle.partitions",
                        Integer.toString(invocation.config().spark().shufflePartitions()))
                .getOrCreate();
        return new TraceFile(spark, columns).read(file);
    }

    private static Duration duration(String text) {
        try {
            return ConfigFactory.parseMap(Map.of("value", text)).getDuration("value");
        } catch (ConfigException e) {
            throw LakeException.usage("'" + text + "' is not a time to hold out", "it has another form", HOLD_OUT);
        }
    }

    private static long bytes(String text, long all) {
        try {
            if (text.endsWith("%")) {
                double share = Double.parseDouble(text.substring(0, text.length() - 1)) / 100;
                if (share >= 0 && share <= 1) {
                    return (long) (all * share);
                }
            } else {
                return ConfigFactory.parseMap(Map.of("value", text)).getBytes("value");
            }
        } catch (NumberFormatException | ConfigException e) {
            throw LakeException.usage("'" + text + "' is not a size of hot space", "it has another form", HOT_SPACE);
        }
        throw LakeException.usage(
                "'" + text + "' is not a size of hot space", "a share goes from 0% to 100%", HOT_SPACE);
    }

    private static void print(Simulation.Report report, PrintWriter out) {
        out.printf(
                Locale.ROOT,
                "%,d partitions, %,d accesses in %,d h from %s%n",
                report.partitions(),
                report.accesses(),
                report.hours(),
                report.from());
        out.printf(Locale.ROOT, "cheapest in hindsight: $%.2f", report.optimumDollars());
        if (report.boundDollars() > report.optimumDollars()) {
            out.printf(Locale.ROOT, "; with this hot space at least $%.2f", report.boundDollars());
        }
        out.println();
        List<String> headings = new ArrayList<>(List.of("POLICY"));
        headings.addAll(FIGURES.keySet());
        headings.add("FITS");
        TextTable table = new TextTable(headings, FIGURES.keySet());
        report.scores().forEach(score -> add(score, table));
        table.print(out);
        out.println("VS: share of the other's cost that is saved. MOVED: bytes moved ÷ bytes stored."
                + " BACK: moves undone, for 1000 partition-days.");
        if (!report.forecastErrors().isEmpty()) {
            out.println("error of forecasts a day ahead, against repeating the day (MASE): "
                    + report.forecastErrors().entrySet().stream()
                            .map(entry -> entry.getKey() + " " + number("%.2f", entry.getValue()))
                            .collect(Collectors.joining(", ")));
        }
    }

    private static void add(Score score, TextTable table) {
        List<String> cells = new ArrayList<>(List.of(score.policy()));
        FIGURES.values().forEach(figure -> cells.add(figure.apply(score)));
        cells.add(score.fits() ? "yes" : "no");
        table.add(cells.toArray(String[]::new));
    }

    private static Map<String, Function<Score, String>> figures() {
        Map<String, Function<Score, String>> figures = new LinkedHashMap<>();
        figures.put("COST", score -> number("$%.2f", score.dollars()));
        figures.put("÷OPTIMUM", score -> number("%.4f", score.overOptimum()));
        figures.put("MEAN", score -> number("%.3f", score.meanOverOptimum()));
        figures.put("P95", score -> number("%.3f", score.p95OverOptimum()));
        figures.put("VS HOT", score -> share(score.savedAgainstAllHot()));
        figures.put("VS WARM", score -> share(score.savedAgainstAllWarm()));
        figures.put("VS COLD", score -> share(score.savedAgainstAllCold()));
        figures.put("VS STATIC", score -> share(score.savedAgainstBestStatic()));
        figures.put("VS BREAK-EVEN", score -> share(score.savedAgainstBreakEven()));
        figures.put("VS LRU", score -> share(score.savedAgainstLru()));
        figures.put("VS AGE", score -> share(score.savedAgainstAge()));
        figures.put("MOVED", score -> number("%.2f", score.movedOverStored()));
        figures.put("BACK/24H", score -> number("%.2f", score.reversalsInDay()));
        figures.put("BACK/7D", score -> number("%.2f", score.reversalsInWeek()));
        figures.put("COLD READS", score -> share(score.coldShare()));
        return Collections.unmodifiableMap(figures);
    }

    private static String share(double share) {
        return number("%.1f%%", 100 * share);
    }

    private static String number(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
