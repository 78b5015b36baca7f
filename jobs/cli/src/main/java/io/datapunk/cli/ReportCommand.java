package io.datapunk.cli;

import io.datapunk.lake.model.LakeException;
import java.nio.file.Path;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code lake report}. */
@Command(
        name = "report",
        description =
                "Write one page that tells of the lake: tiers and heat, moves, what came in, quality, room and cost to come,"
                        + " slow queries, audit proofs. Any browser opens it; it needs no network.")
final class ReportCommand implements Job {
    @Option(
            names = "--output",
            paramLabel = "FILE",
            description = "Where to. An older report is replaced, anything else is not. Default: ${DEFAULT-VALUE}.",
            defaultValue = "lake-report.html")
    private Path output;

    @Option(
            names = "--days",
            paramLabel = "DAYS",
            description = "How far back moves, imports and measurements are told. Default: ${DEFAULT-VALUE}.",
            defaultValue = "90")
    private int days;

    @Override
    public Outcome run(Invocation invocation) {
        if (days < 1) {
            throw LakeException.usage(
                    "nothing can be told of " + days + " days", "--days has to be 1 or more", "leave it out for 90");
        }
        return new ReportRun(invocation).run(output, Duration.ofDays(days));
    }

    @Override
    public boolean changesTables() {
        return false;
    }

    @Override
    public boolean isWatched() {
        return true;
    }
}
