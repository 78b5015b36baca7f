package io.datapunk.cli;

import io.datapunk.lake.model.LakeException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lake analytics}. */
@Command(
        name = "analytics",
        description =
                "Publish tables that are ready to be analysed, measure how good the data is, foresee how much room it takes,"
                        + " and tell what auditors ask for.",
        subcommands = {
            AnalyticsCommand.Run.class,
            AnalyticsCommand.Quality.class,
            AnalyticsCommand.Forecast.class,
            AnalyticsCommand.Compliance.class,
            AnalyticsCommand.Cache.class
        })
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

    /** {@code lake analytics compliance}. */
    @Command(
            name = "compliance",
            description =
                    "Tell what an auditor asks for: who read how much, what was refused, what is due to be deleted, holds,"
                            + " erasures, the age of keys, backups and drills. Kept in analytics.compliance; run it once a week.")
    static final class Compliance implements Job {
        @Option(
                names = "--days",
                paramLabel = "DAYS",
                description = "How far back. Default: ${DEFAULT-VALUE}.",
                defaultValue = "7")
        private int days;

        @Override
        public Outcome run(Invocation invocation) {
            if (days < 1) {
                throw LakeException.usage(
                        "nothing can be told of " + days + " days",
                        "--days has to be 1 or more",
                        "leave it out for a week");
            }
            return new ComplianceRun(invocation).run(days);
        }
    }

    /** {@code lake analytics cache}. */
    @Command(
            name = "cache",
            description =
                    "Bring the newest rows of published tables to Redis, as lake.analytics.cache says. Run it as often as they"
                            + " have to be fresh: what is not cached again expires.")
    static final class Cache implements Job {
        @Override
        public Outcome run(Invocation invocation) {
            return new CacheRun(invocation).run();
        }
    }
}
