package io.datapunk.cli;

import io.datapunk.analytics.report.ReportJob;
import io.datapunk.analytics.report.ReportJob.Written;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.spark.LakeSession;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Writes the page that tells of the lake. */
final class ReportRun {
    /** As {@code --json} prints it. */
    record Told(boolean dryRun, String file, long bytes, int partitions, List<String> attention) {}

    private final Invocation invocation;

    ReportRun(Invocation invocation) {
        this.invocation = invocation;
    }

    Outcome run(Path output, Duration period) {
        LakeConfig config = invocation.config();
        LakeHome home = LakeHome.openExisting(config);
        Written written = new ReportJob(LakeSession.open(config, home), config, home)
                .run(output, period, invocation.now(), invocation.dryRun(), invocation.progress());
        return new Outcome(
                new Told(
                        invocation.dryRun(),
                        written.file().toString(),
                        written.bytes(),
                        written.partitions(),
                        written.attention()),
                out -> print(written, out),
                written.problems(),
                Optional.empty());
    }

    private void print(Written written, PrintWriter out) {
        written.attention().forEach(item -> out.println("! " + item));
        out.println(
                invocation.dryRun()
                        ? "Nothing was written to " + written.file() + ": this was a dry run."
                        : "Wrote " + written.file() + " (" + Amounts.bytes(written.bytes())
                                + "): open it in a browser.");
    }
}
