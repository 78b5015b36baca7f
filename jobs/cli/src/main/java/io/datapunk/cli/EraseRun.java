package io.datapunk.cli;

import io.datapunk.archive.erase.EraseJob;
import io.datapunk.archive.erase.ErasureReport;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.postgres.PostgresServer;
import io.datapunk.lake.spark.LakeSession;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Erases persons, and tells what was found and done. */
final class EraseRun {
    /** What became of a person, as {@code --json} prints it. */
    record Erased(String userId, boolean dryRun, List<Trace> traces, List<String> left) {
        private static Erased of(ErasureReport report) {
            return new Erased(
                    report.userId(),
                    report.dryRun(),
                    report.traces().stream().map(Trace::of).toList(),
                    report.left());
        }
    }

    /** What a store held of the person. */
    record Trace(String store, String subject, long rows, long files, String done) {
        private static Trace of(ErasureReport.Trace trace) {
            return new Trace(
                    trace.store().name().toLowerCase(Locale.ROOT),
                    trace.subject(),
                    trace.rows(),
                    trace.files(),
                    trace.done());
        }
    }

    private final Invocation invocation;

    EraseRun(Invocation invocation) {
        this.invocation = invocation;
    }

    Outcome run(Optional<String> user, boolean replay) {
        if (user.isPresent() == replay) {
            throw LakeException.usage(
                    "nobody was erased",
                    user.isPresent() ? "--replay was given together with --user" : "no person was named",
                    "name one with --user, or erase those again who were erased before with --replay");
        }
        LakeConfig config = invocation.config();
        LakeHome home = LakeHome.openExisting(config);
        try (PostgresServer server = PostgresServer.open(config.postgres(), home)) {
            EraseJob job = new EraseJob(
                    config, home, LakeSession.open(config, home), server.connection(), invocation.progress());
            List<ErasureReport> reports = user.map(name -> job.run(name, invocation.now(), invocation.dryRun()))
                    .orElseGet(() -> job.replay(invocation.now(), invocation.dryRun()));
            return new Outcome(
                    reports.stream().map(Erased::of).toList(),
                    out -> reports.forEach(report -> print(report, out)),
                    List.of(),
                    reports.stream()
                            .filter(report -> !report.left().isEmpty())
                            .findFirst()
                            .map(report -> LakeException.gate(
                                    "something is left of the person " + report.userId(),
                                    report.left().get(0),
                                    "see to it, and run the command again")));
        }
    }

    private static void print(ErasureReport report, PrintWriter out) {
        out.println((report.dryRun() ? "This would be erased of the person " : "The person ")
                + report.userId()
                + (report.dryRun() ? ":" : report.left().isEmpty() ? " is erased." : " is not wholly erased."));
        if (!report.traces().isEmpty()) {
            TextTable table = new TextTable(List.of("STORE", "WHAT", "ROWS", "FILES", "DONE"), Set.of("ROWS", "FILES"));
            report.traces()
                    .forEach(trace -> table.add(
                            trace.store().name().toLowerCase(Locale.ROOT),
                            trace.subject(),
                            Amounts.count(trace.rows()),
                            Amounts.count(trace.files()),
                            trace.done()));
            table.print(out);
        }
        report.left().forEach(left -> out.println("Left: " + left));
    }
}
