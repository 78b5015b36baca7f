package io.datapunk.cli;

import io.datapunk.airflow.Backfill.Reprocess;
import io.datapunk.airflow.Backfill.Request;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lake airflow}. */
@Command(
        name = "airflow",
        description =
                "Ask Airflow to run DAGs, look at their runs, and tell it what was done outside of it. lake.airflow"
                        + " names the server.",
        subcommands = {
            AirflowCommand.Trigger.class,
            AirflowCommand.Backfill.class,
            AirflowCommand.Status.class,
            AirflowCommand.Event.class
        })
final class AirflowCommand {
    /** Asks; commits to no table. */
    private abstract static class AirflowJob implements Job {
        @Override
        public final boolean changesTables() {
            return false;
        }
    }

    /** {@code lake airflow trigger}. */
    @Command(
            name = "trigger",
            description =
                    "Run a DAG once. The same command again finds the run there, and triggers nothing. The lake's own DAGs"
                            + " only say what would change, unless they are given --param dry_run=false.",
            exitCodeList = {
                "0:triggered, or there already; with --wait: it succeeded",
                "1:failed; with --wait: the run failed, or cannot end",
                "2:wrong usage or configuration, no such DAG, or params that the DAG refuses; nothing was triggered"
            })
    static final class Trigger extends AirflowJob {
        @Parameters(paramLabel = "DAG", description = "Its id.")
        private String dag;

        @Option(
                names = "--param",
                paramLabel = "NAME=VALUE",
                description =
                        "A param of the DAG; may be repeated. A value is read as JSON, as 7, true or '[1, 2]', and as"
                                + " text where it is none; '\"7\"' is a text, too.")
        private Map<String, String> params = new LinkedHashMap<>();

        @Option(
                names = "--logical-date",
                paramLabel = "TIME",
                description = "What the run is of, as 2026-05-01 or 2026-05-01T12:00:00Z. Default: none.")
        private Instant logicalDate;

        @Option(
                names = "--run-id",
                paramLabel = "ID",
                description =
                        "The run's id. Default: made of the logical date, or else of today, and the params; so that"
                                + " the same command triggers once a day.")
        private String runId;

        @Option(names = "--wait", description = "Wait until the run has ended, and end as it did.")
        private boolean wait;

        @Override
        public Outcome run(Invocation invocation) {
            return new AirflowTriggerRun(invocation).run(dag, params, logicalDate, runId, wait);
        }
    }

    /** {@code lake airflow backfill}. */
    @Command(
            name = "backfill",
            description =
                    "Run a DAG for days that are over. With --dry-run: list the logical dates that Airflow would run.",
            exitCodeList = {
                "0:begun; with --wait: all of its runs succeeded",
                "1:failed; with --wait: a run failed, or none can run",
                "2:wrong usage or configuration, no such DAG, or one without a schedule by time; nothing was begun"
            })
    static final class Backfill extends AirflowJob {
        @Parameters(paramLabel = "DAG", description = "Its id.")
        private String dag;

        @Option(names = "--from", paramLabel = "TIME", required = true, description = "The first logical date.")
        private Instant from;

        @Option(names = "--to", paramLabel = "TIME", required = true, description = "The last one, itself included.")
        private Instant to;

        @Option(
                names = "--reprocess",
                paramLabel = "WHICH",
                defaultValue = "none",
                description =
                        "Dates to run again that have a run: ${COMPLETION-CANDIDATES}; completed: all that have ended."
                                + " Default: ${DEFAULT-VALUE}.")
        private Reprocess reprocess;

        @Option(
                names = "--max-active-runs",
                paramLabel = "N",
                defaultValue = "1",
                description =
                        "Runs at the same time. What moves data goes one after the other, in its order. Default: ${DEFAULT-VALUE}.")
        private int mostAtOnce;

        @Option(names = "--backwards", description = "The newest date first.")
        private boolean backwards;

        @Option(names = "--wait", description = "Wait until all runs have ended, and name those that failed.")
        private boolean wait;

        @Override
        public Outcome run(Invocation invocation) {
            return new AirflowBackfillRun(invocation)
                    .run(new Request(dag, from, to, reprocess, mostAtOnce, backwards), wait);
        }
    }

    /** {@code lake airflow status}. */
    @Command(
            name = "status",
            description =
                    "List the DAGs: whether they are paused, their schedule, their newest run and the next one. With"
                            + " --run-id: a run and its tasks.",
            exitCodeList = {
                "0:done",
                "1:failed",
                "2:wrong usage or configuration, no such DAG or run",
                "3:the run, or the newest run of a DAG that is not paused, has failed"
            })
    static final class Status extends AirflowJob {
        @Parameters(paramLabel = "DAG", arity = "0..1", description = "Its id. Default: all.")
        private String dag;

        @Option(names = "--run-id", paramLabel = "ID", description = "A run of the DAG.")
        private String runId;

        @Override
        public Outcome run(Invocation invocation) {
            return new AirflowStatusRun(invocation).run(dag, runId);
        }
    }

    /** {@code lake airflow event}. */
    @Command(
            name = "event",
            description =
                    "Tell Airflow that there is news of an asset, as a task of a DAG would; DAGs that are scheduled by"
                            + " the asset then run. Each call is an event of its own.")
    static final class Event extends AirflowJob {
        @Parameters(paramLabel = "ASSET", description = "Its name or URI, as lake://ingest.")
        private String asset;

        @Option(
                names = "--extra",
                paramLabel = "NAME=VALUE",
                description = "What to tell along with it; may be repeated. Values are read as those of `trigger`.")
        private Map<String, String> extra = new LinkedHashMap<>();

        @Override
        public Outcome run(Invocation invocation) {
            return new AirflowEventRun(invocation).run(asset, extra);
        }
    }
}
