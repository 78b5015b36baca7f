package io.datapunk.cli;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code lake maintain}. */
@Command(
        name = "maintain",
        description = "Keep the lake healthy: upkeep on a schedule, and help where something is about to run out.",
        subcommands = {MaintainCommand.Run.class, MaintainCommand.Remediate.class})
final class MaintainCommand {
    /** {@code lake maintain run}. */
    @Command(
            name = "run",
            description = "Do the upkeep that is due by lake.maintenance.schedule, and keep what it has changed in"
                    + " lake.maintenance. Run it every hour, or whenever the machine is awake.")
    static final class Run implements Job {
        @Parameters(
                paramLabel = "TASK",
                description =
                        "Tasks to do now, due or not: logs, staging, partitions, reindex, vacuum, analyze, optimize,"
                                + " checkpoint, reclaim. Default: those that are due.")
        private List<String> tasks = List.of();

        @Override
        public Outcome run(Invocation invocation) {
            return new MaintainRun(invocation).run(tasks);
        }
    }

    /** {@code lake maintain remediate}. */
    @Command(
            name = "remediate",
            description =
                    "Look once whether connections, memory or disks are about to run out, or a query runs for too long,"
                            + " and do something about it. Each act stands in the audit log. Run it every five minutes.")
    static final class Remediate implements Job {
        @Override
        public Outcome run(Invocation invocation) {
            return new RemediateRun(invocation).run();
        }
    }
}
