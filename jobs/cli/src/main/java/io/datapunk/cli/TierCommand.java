package io.datapunk.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code lake tier}. */
@Command(
        name = "tier",
        description = "Move partitions between PostgreSQL, warm files and cold files by their heat.",
        subcommands = {
            TierCommand.Plan.class,
            TierCommand.Apply.class,
            TierCommand.Status.class,
            TierCommand.Reclaim.class
        })
final class TierCommand {
    /** {@code lake tier plan}. */
    @Command(
            name = "plan",
            description =
                    "Decide what should move, and say why, row by row. The plan is kept for `lake tier apply --plan ID`.")
    static final class Plan implements Job {
        @Override
        public Outcome run(Invocation invocation) {
            return new TierRun(invocation).plan();
        }
    }

    /** {@code lake tier apply}. */
    @Command(
            name = "apply",
            description = "Carry out a plan: copy, verify, switch. A run that was killed is finished by the next one.")
    static final class Apply implements Job {
        @Option(
                names = "--plan",
                paramLabel = "ID",
                description = "A plan that was made before; refused where its partitions changed. Default: a new plan.")
        private String plan;

        @Override
        public Outcome run(Invocation invocation) {
            return new TierRun(invocation).apply(plan);
        }
    }

    /** {@code lake tier reclaim}. */
    @Command(
            name = "reclaim",
            description = "Remove what moves have left: files that no version within its table's retention needs, and"
                    + " copies in PostgreSQL that were retired longer ago than the grace period.")
    static final class Reclaim implements Job {
        @Override
        public Outcome run(Invocation invocation) {
            return new TierRun(invocation).reclaim();
        }
    }

    /** {@code lake tier status}. */
    @Command(name = "status", description = "Tell where every partition is, and why; derived from what exists.")
    static final class Status implements Job {
        @Override
        public Outcome run(Invocation invocation) {
            return TierStatusListing.read(invocation).toOutcome();
        }
    }
}
