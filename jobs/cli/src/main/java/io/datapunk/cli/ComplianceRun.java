package io.datapunk.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.datapunk.archive.compliance.ComplianceJob;
import io.datapunk.archive.compliance.ComplianceReport;
import io.datapunk.archive.compliance.ComplianceReport.Entry;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.spark.LakeSession;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Tells what an auditor asks for. */
final class ComplianceRun {
    /** The report, as {@code --json} prints it. */
    record Told(boolean dryRun, Instant since, List<Line> entries) {}

    /** @param value absent where it is not a number */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Line(String section, String subject, String measure, Double value, String detail, boolean isFinding) {
        private static Line of(Entry entry) {
            return new Line(
                    entry.section().toString(),
                    entry.subject(),
                    entry.measure(),
                    entry.value().isPresent() ? entry.value().getAsDouble() : null,
                    entry.detail(),
                    entry.isFinding());
        }
    }

    private final Invocation invocation;

    ComplianceRun(Invocation invocation) {
        this.invocation = invocation;
    }

    Outcome run(int days) {
        LakeConfig config = invocation.config();
        LakeHome home = LakeHome.openExisting(config);
        ComplianceReport report = new ComplianceJob(LakeSession.open(config, home), config, home)
                .run(Duration.ofDays(days), invocation.now(), invocation.dryRun(), invocation.progress());
        return new Outcome(
                new Told(
                        invocation.dryRun(),
                        report.since(),
                        report.entries().stream().map(Line::of).toList()),
                out -> print(report, out),
                report.problems(),
                Optional.empty());
    }

    private void print(ComplianceReport report, PrintWriter out) {
        out.println("From " + report.since() + " to " + invocation.now() + ":");
        TextTable table = new TextTable(List.of("SECTION", "SUBJECT", "WHAT", "VALUE", "", "DETAIL"), Set.of("VALUE"));
        for (Entry entry : report.entries()) {
            table.add(
                    entry.section().toString(),
                    entry.subject(),
                    entry.measure().replace('_', ' '),
                    entry.value().isPresent()
                            ? String.format(Locale.ROOT, "%,.1f", entry.value().getAsDouble())
                            : "",
                    entry.isFinding() ? "!" : "",
                    entry.detail());
        }
        table.print(out);
        long findings = report.entries().stream().filter(Entry::isFinding).count();
        out.println(
                findings == 0
                        ? "Nobody has to do anything."
                        : findings + " of these, marked !, want somebody to do something.");
        if (invocation.dryRun()) {
            out.println("Nothing was kept: this was a dry run.");
        }
    }
}
