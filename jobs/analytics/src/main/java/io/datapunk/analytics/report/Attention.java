package io.datapunk.analytics.report;

import io.datapunk.analytics.capacity.CapacityReport;
import io.datapunk.analytics.report.LakeReport.Audit;
import io.datapunk.analytics.report.LakeReport.Check;
import io.datapunk.analytics.report.LakeReport.Compliance;
import io.datapunk.analytics.report.LakeReport.Drill;
import io.datapunk.analytics.report.LakeReport.Expected;
import io.datapunk.analytics.report.LakeReport.Import;
import io.datapunk.analytics.report.LakeReport.Move;
import io.datapunk.analytics.report.LakeReport.Quarantined;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Decides what somebody should look at. */
final class Attention {
    /** [NUMBERS: review of quarantined records is due after 24 h] */
    private static final Duration REVIEW = Duration.ofHours(24);

    /** How bad it is; the worst first. */
    enum Severity {
        BROKEN,
        WARNING
    }

    /** @param section of the page that tells more */
    record Item(Severity severity, String section, String text) {}

    private final Instant now;
    private final List<Item> items = new ArrayList<>();

    Attention(Instant now) {
        this.now = now;
    }

    List<Item> items() {
        return items.stream().sorted(Comparator.comparing(Item::severity)).toList();
    }

    void ofAudit(Audit audit) {
        audit.damages().forEach(damage -> add(Severity.BROKEN, "audit", "The audit log is damaged: " + damage));
    }

    void ofMoves(List<Move> moves) {
        long failed =
                moves.stream().filter(move -> move.state().equals("failed")).count();
        if (failed > 0) {
            add(Severity.WARNING, "moves", count(failed, "move", "moves") + " failed; `lake tier apply` tries again");
        }
    }

    void ofImports(List<Import> imports) {
        long failed =
                imports.stream().filter(one -> one.status().equals("failed")).count();
        if (failed > 0) {
            add(
                    Severity.BROKEN,
                    "ingest",
                    count(failed, "import", "imports") + " failed; hand the export in again, nothing comes twice");
        }
    }

    void ofQuarantine(List<Quarantined> quarantine) {
        long due = quarantine.stream()
                .filter(one ->
                        one.openSince() != null && one.openSince().plus(REVIEW).isBefore(now))
                .mapToLong(Quarantined::records)
                .sum();
        if (due > 0) {
            add(
                    Severity.WARNING,
                    "ingest",
                    count(due, "record", "records") + " in quarantine wait for more than 24 hours to be reviewed");
        }
    }

    void ofChecks(List<Check> checks) {
        Map<String, Long> failing = checks.stream()
                .filter(check -> !check.passed())
                .collect(Collectors.groupingBy(Check::dataset, TreeMap::new, Collectors.counting()));
        failing.forEach((dataset, rules) -> add(
                Severity.WARNING,
                "quality",
                count(rules, "rule", "rules") + " of quality " + (rules == 1 ? "does" : "do") + " not hold in "
                        + dataset));
    }

    /** The first day on which what is expected needs the reserve, for each that has a capacity. */
    void ofCapacity(Collection<Expected> expected) {
        Map<String, Optional<Expected>> full = expected.stream()
                .filter(one -> one.capacity() != null && one.bytes() > (1 - CapacityReport.RESERVE) * one.capacity())
                .collect(Collectors.groupingBy(
                        one -> one.subject() + " " + one.name(),
                        TreeMap::new,
                        Collectors.minBy(Comparator.comparing(Expected::day))));
        full.forEach((name, first) -> first.ifPresent(one -> add(
                Severity.WARNING,
                "capacity",
                String.format(
                        Locale.ROOT,
                        "%s will have less than a fifth of its room left in %s",
                        name,
                        count(
                                Math.max(
                                        0,
                                        ChronoUnit.DAYS.between(
                                                now.atZone(ZoneOffset.UTC).toLocalDate(), one.day())),
                                "day",
                                "days")))));
    }

    void ofDrill(Optional<Drill> drill) {
        drill.filter(held -> !held.passed())
                .ifPresent(held ->
                        add(Severity.BROKEN, "upkeep", "The last restore drill was not passed: " + held.findings()));
    }

    void ofCompliance(List<Compliance> compliance) {
        compliance.stream()
                .filter(Compliance::isFinding)
                .forEach(one -> add(
                        Severity.WARNING,
                        "compliance",
                        one.section() + ", " + one.subject() + ": "
                                + Stream.of(measured(one), one.detail())
                                        .filter(text -> !text.isEmpty())
                                        .collect(Collectors.joining("; "))));
    }

    private static String measured(Compliance one) {
        return one.value() == null
                ? ""
                : String.format(
                        Locale.ROOT, "%,.0f %s", one.value(), one.measure().replace('_', ' '));
    }

    private void add(Severity severity, String section, String text) {
        items.add(new Item(severity, section, text));
    }

    private static String count(long number, String one, String several) {
        return String.format(Locale.ROOT, "%,d %s", number, number == 1 ? one : several);
    }
}
