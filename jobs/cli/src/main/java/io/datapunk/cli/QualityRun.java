package io.datapunk.cli;

import io.datapunk.analytics.quality.QualityJob;
import io.datapunk.analytics.quality.TableQuality;
import io.datapunk.analytics.quality.TableQuality.Check;
import io.datapunk.cli.export.Input;
import io.datapunk.cli.metrics.Metric;
import io.datapunk.cli.metrics.Sample;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.spark.LakeSession;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Measures how good tables are; a rule that does not hold is a gate that falls short. */
final class QualityRun {
    private static final int MONTHS_TOLD = 3;

    private final Invocation invocation;

    QualityRun(Invocation invocation) {
        this.invocation = invocation;
    }

    Outcome run(List<String> names) {
        LakeConfig config = invocation.config();
        LakeHome home = LakeHome.openExisting(config);
        QualityJob.Request request = new QualityJob.Request(
                names.stream().map(DatasetName::parse).toList(), invocation.dryRun(), invocation.now());
        List<TableQuality> tables =
                new QualityJob(LakeSession.open(config, home), config, home).run(request, invocation.progress());
        return new Outcome(tables, out -> print(tables, out), List.of(), gate(tables))
                .withInputs(tables.stream()
                        .map(table -> new Input.Table(DatasetName.parse(table.table()), table.version()))
                        .toList())
                .withMetrics(metrics(tables));
    }

    private static List<Sample> metrics(List<TableQuality> tables) {
        List<Sample> samples = new ArrayList<>();
        for (TableQuality table : tables) {
            for (TableQuality.Score score : table.scores()) {
                String[] labels = {table.table(), score.checkType()};
                samples.add(Sample.of(Metric.DATA_QUALITY_SCORE, score.score(), labels));
                samples.add(Sample.of(Metric.DATA_QUALITY_FAILED_RULES, failed(table, score), labels));
            }
        }
        return samples;
    }

    private static long failed(TableQuality table, TableQuality.Score score) {
        return table.failed().stream()
                .filter(check -> check.checkType().equals(score.checkType()))
                .count();
    }

    private static Optional<LakeException> gate(List<TableQuality> tables) {
        long failed = tables.stream().mapToLong(table -> table.failed().size()).sum();
        if (failed == 0) {
            return Optional.empty();
        }
        List<String> names = tables.stream()
                .filter(table -> !table.failed().isEmpty())
                .map(TableQuality::table)
                .toList();
        return Optional.of(LakeException.gate(
                (failed == 1 ? "1 rule of quality does" : Amounts.of(failed, "rules of quality do")) + " not hold",
                "in " + String.join(", ", names) + ", as listed",
                "correct the rows or, where the rule is wrong for your data, write rules of your own: see"
                        + " lake.analytics.quality.rules"));
    }

    private static void print(List<TableQuality> tables, PrintWriter out) {
        if (tables.isEmpty()) {
            out.println("There is no table that rules of quality exist for.");
            return;
        }
        TextTable scores = new TextTable(
                List.of("TABLE", "CHECKS", "SCORE", "RULES", "FAILED", "ROWS"),
                Set.of("SCORE", "RULES", "FAILED", "ROWS"));
        for (TableQuality table : tables) {
            for (TableQuality.Score score : table.scores()) {
                scores.add(
                        table.table(),
                        score.checkType(),
                        number(score.score()),
                        Amounts.count(table.checks().stream()
                                .filter(check -> check.checkType().equals(score.checkType()))
                                .count()),
                        Amounts.count(failed(table, score)),
                        Amounts.count(table.rows()));
            }
        }
        scores.print(out);
        for (TableQuality table : tables) {
            table.failed().forEach(check -> out.println("\n" + table.table() + ": " + told(check)));
        }
    }

    private static String told(Check check) {
        StringBuilder text = new StringBuilder(check.rule());
        if (check.value().isPresent()) {
            text.append("\n  measured: ").append(number(check.value().getAsDouble()));
        }
        if (check.failing().orElse(0) > 0) {
            text.append(check.value().isPresent() ? ", " : "\n  ")
                    .append(Amounts.of(check.failing().getAsLong(), "rows"))
                    .append(check.months().isEmpty() ? "" : " in " + months(check.months()));
        }
        check.detail().ifPresent(detail -> text.append("\n  ").append(detail));
        return text.toString();
    }

    private static String months(List<String> months) {
        String some = months.stream().limit(MONTHS_TOLD).collect(Collectors.joining(", "));
        int more = months.size() - MONTHS_TOLD;
        return more > 0 ? some + " and " + Amounts.of(more, "months") + " more" : some;
    }

    private static String number(double value) {
        String text = String.format(Locale.ROOT, "%.4f", value);
        return text.endsWith(".0000") ? text.substring(0, text.length() - 5) : text;
    }
}
