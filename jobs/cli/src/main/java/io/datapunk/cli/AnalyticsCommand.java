package io.datapunk.cli;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lake analytics}. */
@Command(
        name = "analytics",
        description =
                "Publish tables that are ready to be analysed, measure how good the data is, and foresee how much room it takes.",
        subcommands = {AnalyticsCommand.Run.class, AnalyticsCommand.Quality.class, AnalyticsCommand.Forecast.class})
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

    /** {@code lake analytics quality}. */
    @Command(
            name = "quality",
            description =
                    "Measure how good tables are, by the rules in conf/quality and your own, and keep the result in"
                            + " analytics.quality_checks. Ends with 3 where a rule does not hold.")
    static final class Quality implements Job {
        @Parameters(
                paramLabel = "TABLE",
                description = "Tables to measure, as user_data.activity. Default: all that there are rules for.")
        private List<String> tables = List.of();

        @Override
        public Outcome run(Invocation invocation) {
            return new QualityRun(invocation).run(tables);
        }
    }

    /** {@code lake analytics forecast}. */
    @Command(
            name = "forecast",
            description =
                    "Measure how much room the lake takes, and tell what to expect of the next six months and when disks and"
                            + " budgets are full. Kept in timeseries.storage and timeseries.capacity.")
    static final class Forecast implements Job {
        @Override
        public Outcome run(Invocation invocation) {
            return new ForecastRun(invocation).run();
        }
    }
}
