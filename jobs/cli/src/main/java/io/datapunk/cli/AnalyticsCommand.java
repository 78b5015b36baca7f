package io.datapunk.cli;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lake analytics}. */
@Command(
        name = "analytics",
        description = "Publish tables that are ready to be analysed.",
        subcommands = {AnalyticsCommand.Run.class})
final class AnalyticsCommand {
    /** {@code lake analytics run}. */
    @Command(
            name = "run",
            description =
                    "Bring the published tables, analytics.* and timeseries.*, to where the tables are that they are"
                            + " computed of. Only months that have changed are computed again.")
    static final class Run implements Job {
        @Parameters(
                paramLabel = "TABLE",
                description =
                        "Tables to publish, as analytics.sessions. Default: all. Those that they are computed of are"
                                + " taken as they are.")
        private List<String> tables = List.of();

        @Option(names = "--full", description = "Compute all months anew, whatever has changed.")
        private boolean full;

        @Override
        public Outcome run(Invocation invocation) {
            return new PublishRun(invocation).run(tables, full);
        }
    }
}
