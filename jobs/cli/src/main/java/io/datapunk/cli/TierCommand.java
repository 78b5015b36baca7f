package io.datapunk.cli;

import io.datapunk.lake.model.Tier;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lake tier}. */
@Command(
        name = "tier",
        description = "Move partitions between PostgreSQL, warm files and cold files by their heat.",
        subcommands = {
            TierCommand.Plan.class,
            TierCommand.Apply.class,
            TierCommand.Sync.class,
            TierCommand.Pin.class,
            TierCommand.Status.class,
            TierCommand.Reclaim.class,
            TierCommand.RotateKeys.class,
            TierCommand.Simulate.class
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

        @Override
        public boolean changesTables() {
            return false;
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

    /** {@code lake tier sync}. */
    @Command(
            name = "sync",
            description = "Bring what applications wrote in PostgreSQL to Delta. `lake tier apply` does so first.")
    static final class Sync implements Job {
        @Override
        public Outcome run(Invocation invocation) {
            return new SyncRun(invocation).run();
        }
    }

    /** {@code lake tier pin}. */
    @Command(
            name = "pin",
            description =
                    "Choose a partition's tier by hand: plans take it there and leave it. Without a partition, list"
                            + " what is pinned.")
    static final class Pin implements Job {
        @Parameters(
                paramLabel = "PARTITION",
                arity = "0..1",
                description = "As user_data.activity/month=2026-01; `lake tier status` lists them.")
        private String partition;

        @ArgGroup
        private Choice choice;

        /** Either of them. */
        static final class Choice {
            @Option(names = "--tier", paramLabel = "TIER", description = "One of: ${COMPLETION-CANDIDATES}.")
            private Tier tier;

            @Option(names = "--release", description = "Let the policy decide again.")
            private boolean release;
        }

        @Override
        public Outcome run(Invocation invocation) {
            Optional<Tier> tier = Optional.ofNullable(choice).map(chosen -> chosen.tier);
            boolean release = choice != null && choice.release;
            return new PinRun(invocation).run(Optional.ofNullable(partition), tier, release);
        }

        @Override
        public boolean changesTables() {
            return false;
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

    /** {@code lake tier rotate-keys}. */
    @Command(
            name = "rotate-keys",
            description = "Put the keys of encrypted cold files under the master key that lake.tiering.cold.master-key"
                    + " names. No file is written anew; the one before has to be in the keystore until this is done.")
    static final class RotateKeys implements Job {
        @Override
        public Outcome run(Invocation invocation) {
            return new RotateKeysRun(invocation).run();
        }
    }

    /** {@code lake tier status}. */
    @Command(name = "status", description = "Tell where every partition is, and why; derived from what exists.")
    static final class Status implements Job {
        @Override
        public Outcome run(Invocation invocation) {
            return TierStatusListing.read(invocation).toOutcome();
        }

        @Override
        public boolean changesTables() {
            return false;
        }
    }

    /** {@code lake tier simulate}. */
    @Command(
            name = "simulate",
            description =
                    "Replay a recorded trace of accesses, and tell what each policy would have cost beside the cheapest"
                            + " schedule in hindsight. Needs no lake.",
            footer = {
                "",
                "The trace is Parquet, or CSV with a heading. Columns: time (UTC, or seconds since the epoch), partition;",
                "if present accesses (else 1 for each row), dataset, bytes (else 1 GB). All partitions begin warm; a",
                "decision at the end of an hour is in effect in the next one."
            })
    static final class Simulate implements Job {
        @Option(names = "--trace", paramLabel = "FILE", required = true, description = "The trace.")
        private Path trace;

        @Option(
                names = "--policy",
                paramLabel = "NAME",
                split = ",",
                defaultValue = "threshold,age,cost",
                description = "Policies to compare, as configured. Default: ${DEFAULT-VALUE}.")
        private List<String> policies;

        @Option(
                names = "--columns",
                paramLabel = "COLUMN=NAME",
                split = ",",
                description = "What columns are called in the file, as time=timestamp,partition=instance_id.")
        private Map<String, String> columns = Map.of();

        @Option(
                names = "--hold-out",
                paramLabel = "TIME",
                description =
                        "Replay the end of the trace only, as 28d or 12h; the policies know what was before. Default: all.")
        private String holdOut;

        @Option(
                names = "--hot-space",
                paramLabel = "SIZE",
                description = "Limit of the hot tier: 10%% of all bytes, or a size as 100GiB. Default: none.")
        private String hotSpace;

        @Option(names = "--chart", paramLabel = "FILE", description = "Draw cost over optimum, as .svg or .png.")
        private Path chart;

        @Override
        public Outcome run(Invocation invocation) {
            return new SimulationRun(invocation).run(trace, columns, policies, holdOut, hotSpace, chart);
        }

        @Override
        public boolean changesTables() {
            return false;
        }
    }
}
