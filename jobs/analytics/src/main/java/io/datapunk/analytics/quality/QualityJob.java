package io.datapunk.analytics.quality;

import io.datapunk.analytics.quality.TableQuality.Check;
import io.datapunk.analytics.quality.TableQuality.Score;
import io.datapunk.analytics.quality.rule.Measure;
import io.datapunk.analytics.quality.rule.Rule;
import io.datapunk.analytics.work.Workers;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.DeltaConstraints;
import io.datapunk.lake.delta.TableChanges;
import io.datapunk.lake.delta.TableLog;
import io.datapunk.lake.delta.TableVersion;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.model.table.EventColumns;
import io.datapunk.lake.spark.LakeSession;
import io.datapunk.lake.storage.JobLease;
import io.datapunk.lake.storage.Leases;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Measures how good tables are, by rules, and keeps what was measured. */
public final class QualityJob {
    private static final String JOB = "quality";

    private final SparkSession spark;
    private final LakeHome home;
    private final LakeConfig config;
    private final TableChanges changes;
    private final Object oneQuery = new Object();

    public QualityJob(SparkSession spark, LakeConfig config, LakeHome home) {
        this.spark = spark;
        this.home = home;
        this.config = config;
        this.changes = new TableChanges(TableLog.of(config, home));
    }

    /**
     * What to measure.
     *
     * @param tables empty: all that there are rules for
     * @param dryRun keep nothing, and leave the tables' constraints alone
     */
    public record Request(List<DatasetName> tables, boolean dryRun, Instant now) {
        public Request {
            tables = List.copyOf(tables);
        }
    }

    /**
     * Measures, and gives Delta the rules that every row has to meet from now on.
     *
     * @return of each table that exists
     * @throws LakeException (usage) where a rule is wrong, or a named table has none; (failed) where another run is under way
     */
    public List<TableQuality> run(Request request, Progress progress) {
        SortedMap<DatasetName, List<Rule>> rules = wanted(request);
        try (JobLease lease = new Leases(home).acquire(JOB);
                Progress.Stage stage = progress.begin("measuring", rules.size(), "tables");
                Workers workers = new Workers()) {
            QualityHistory history = new QualityHistory(spark, home, changes);
            Map<DatasetName, Map<String, List<Double>>> earlier = LakeSession.internal(spark, history::values);
            List<CompletableFuture<Optional<TableQuality>>> tables = new ArrayList<>();
            rules.forEach((dataset, ofDataset) -> tables.add(workers.submit(List.of(), () -> {
                Optional<TableQuality> quality = changes.newest(dataset)
                        .map(version -> LakeSession.internal(
                                spark,
                                () -> measure(version, ofDataset, request, earlier.getOrDefault(dataset, Map.of()))));
                stage.advance(1);
                return quality;
            })));
            List<TableQuality> measured =
                    workers.join(tables).stream().flatMap(Optional::stream).toList();
            if (!request.dryRun()) {
                history.append(measured, request.now());
            }
            return measured;
        }
    }

    private SortedMap<DatasetName, List<Rule>> wanted(Request request) {
        SortedMap<DatasetName, List<Rule>> rules =
                new TreeMap<>(RuleSets.read(config.analytics().qualityRules(), request.now()));
        for (DatasetName table : request.tables()) {
            if (!rules.containsKey(table)) {
                throw LakeException.usage(
                        "there are no rules of quality for " + table,
                        "those that there are: "
                                + rules.keySet().stream()
                                        .map(DatasetName::toString)
                                        .collect(Collectors.joining(", ")),
                        "write them into " + table + ".dqdl, in the folder that lake.analytics.quality.rules names");
            }
        }
        if (!request.tables().isEmpty()) {
            rules.keySet().retainAll(request.tables());
        }
        return rules;
    }

    private TableQuality measure(
            TableVersion version, List<Rule> rules, Request request, Map<String, List<Double>> earlier) {
        Dataset<Row> rows = spark.read()
                .format("delta")
                .option("versionAsOf", version.version())
                .load(home.tablePath(version.dataset()));
        boolean byMonth = Arrays.asList(rows.columns()).contains(EventColumns.MONTH);
        TableMeasures table = new TableMeasures(spark, home, changes, rows, byMonth, oneQuery);
        Map<Measure, Measured> measured = table.measure(
                rules.stream().flatMap(QualityJob::measures).toList(),
                YearMonth.from(request.now().atZone(ZoneOffset.UTC)));
        List<Check> checks =
                rules.stream().map(rule -> check(rule, measured, earlier)).toList();
        if (!request.dryRun()) {
            constrain(version.dataset(), rules, checks);
        }
        return new TableQuality(version.dataset().toString(), version.version(), table.rows(), scores(checks), checks);
    }

    private static Stream<Measure> measures(Rule rule) {
        return rule instanceof Rule.Simple simple
                ? Stream.of(simple.measure())
                : ((Rule.Compound) rule).parts().stream().flatMap(QualityJob::measures);
    }

    private static Check check(Rule rule, Map<Measure, Measured> measured, Map<String, List<Double>> earlier) {
        return rule instanceof Rule.Simple simple
                ? check(simple, measured.get(simple.measure()), earlier.getOrDefault(rule.text(), List.of()))
                : check(
                        (Rule.Compound) rule,
                        ((Rule.Compound) rule)
                                .parts().stream()
                                        .map(part -> check(part, measured, earlier))
                                        .toList());
    }

    private static Check check(Rule.Simple rule, Measured measured, List<Double> earlier) {
        boolean passed = measured.value().isPresent()
                && rule.expectation().isMetBy(measured.value().getAsDouble(), earlier);
        double score = measured.failing().isPresent() ? measured.value().orElseThrow() : passed ? 1 : 0;
        return new Check(
                rule.text(),
                rule.type().toString(),
                passed,
                score,
                measured.value(),
                measured.failing(),
                measured.months(),
                measured.detail());
    }

    /** As bad as its worst part where all have to hold, as good as its best where one has to. */
    private static Check check(Rule.Compound rule, List<Check> parts) {
        boolean passed = rule.all()
                ? parts.stream().allMatch(Check::passed)
                : parts.stream().anyMatch(Check::passed);
        Stream<Double> scores = parts.stream().map(Check::score);
        double score = rule.all()
                ? scores.min(Double::compare).orElseThrow()
                : scores.max(Double::compare).orElseThrow();
        Optional<String> failed = Optional.of(parts.stream()
                        .filter(part -> !part.passed())
                        .map(Check::rule)
                        .collect(Collectors.joining("; ")))
                .filter(rules -> !passed && !rules.isEmpty())
                .map(rules -> "not " + rules);
        return new Check(
                rule.text(),
                rule.type().toString(),
                passed,
                score,
                OptionalDouble.empty(),
                OptionalLong.empty(),
                List.of(),
                failed);
    }

    private static List<Score> scores(List<Check> checks) {
        return checks.stream()
                .collect(
                        Collectors.groupingBy(Check::checkType, TreeMap::new, Collectors.averagingDouble(Check::score)))
                .entrySet()
                .stream()
                .map(type -> new Score(type.getKey(), type.getValue()))
                .toList();
    }

    /** A rule that rows break now becomes a constraint when they are gone. */
    private void constrain(DatasetName dataset, List<Rule> rules, List<Check> checks) {
        Map<String, String> conditions = new TreeMap<>();
        Set<String> holding = new TreeSet<>();
        for (int i = 0; i < rules.size(); i++) {
            if (rules.get(i) instanceof Rule.Simple simple
                    && simple.constraint().isPresent()
                    && simple.measure() instanceof Measure.Share share) {
                conditions.put(simple.constraint().get(), share.condition());
                if (checks.get(i).passed()) {
                    holding.add(simple.constraint().get());
                }
            }
        }
        new DeltaConstraints(spark, home).set(dataset, conditions, holding);
    }
}
