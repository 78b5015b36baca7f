package io.datapunk.cli.export;

import io.datapunk.airflow.Airflow;
import io.datapunk.lake.model.LakeException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Tells Airflow that a command which ran outside of it ended well, as the outlet of its DAG would. */
final class AssetExport implements JobExport {
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final String DONE_BY_AIRFLOW = "AIRFLOW_CTX_DAG_ID";
    private static final Map<String, String> ASSETS = Map.of(
            "ingest", "lake://ingest",
            "tier apply", "lake://tiers",
            "analytics run", "lake://analytics",
            "analytics quality", "lake://quality",
            "archive create", "lake://archive",
            "backup create", "lake://backup",
            "vectors build", "lake://vectors",
            "maintain run", "lake://maintenance",
            "report", "lake://report");

    private final JobRun run;
    private final Airflow airflow;

    private AssetExport(JobRun run) {
        this.run = run;
        this.airflow = Airflow.of(run.config().airflow().hurried(PATIENCE));
    }

    /** Whether the command has an asset, and no task of Airflow tells of it. */
    static boolean concerns(JobRun run) {
        return ASSETS.containsKey(run.command()) && !run.environment().containsKey(DONE_BY_AIRFLOW);
    }

    static AssetExport begin(JobRun run) {
        return new AssetExport(run);
    }

    @Override
    public List<String> ended(JobEnd end) {
        if (end.exitCode() != 0) {
            return List.of();
        }
        Map<String, Object> extra = new LinkedHashMap<>();
        extra.put("command", "lake " + run.command());
        extra.put("lake", run.home().root());
        extra.put("version", run.version());
        extra.put("started_at", run.startedAt().toString());
        extra.put("ended_at", end.at().toString());
        try {
            airflow.event(ASSETS.get(run.command()), extra);
            return List.of();
        } catch (LakeException e) {
            return List.of("lake.airflow.events: " + e.getMessage());
        }
    }
}
