package io.datapunk.airflow;

import io.datapunk.airflow.client.BackfillDagRunResponse;
import io.datapunk.airflow.client.BackfillPostBody;
import io.datapunk.airflow.client.BackfillResponse;
import io.datapunk.airflow.client.DAGResponse;
import io.datapunk.airflow.client.DAGRunResponse;
import io.datapunk.airflow.client.TaskInstanceResponse;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Between the generated client's classes and ours. */
final class Answers {
    private Answers() {}

    static BackfillPostBody body(Backfill.Request request) {
        return new BackfillPostBody()
                .dagId(request.dag())
                .fromDate(utc(request.from()))
                .toDate(utc(request.to()))
                .reprocessBehavior(request.reprocess().name().toLowerCase(Locale.ROOT))
                .maxActiveRuns(request.mostAtOnce())
                .runBackwards(request.backwards());
    }

    static Backfill backfill(BackfillResponse response) {
        return new Backfill(response.getId(), response.getCompletedAt() != null);
    }

    static Backfill.Slot slot(BackfillDagRunResponse response) {
        return new Backfill.Slot(
                instant(response.getLogicalDate()),
                Optional.ofNullable(response.getDagRunId()),
                Optional.ofNullable(response.getDagRunState()),
                Optional.ofNullable(response.getExceptionReason()));
    }

    static Dag dag(DAGResponse response) {
        return new Dag(
                response.getDagId(),
                response.getIsPaused(),
                Optional.ofNullable(response.getTimetableSummary()),
                instant(response.getNextDagrunRunAfter()));
    }

    static DagRun run(DAGRunResponse response) {
        return new DagRun(
                response.getDagId(),
                response.getDagRunId(),
                instant(response.getLogicalDate()),
                Optional.ofNullable(response.getConf()).orElse(Map.of()),
                response.getState(),
                instant(response.getQueuedAt()),
                instant(response.getStartDate()),
                instant(response.getEndDate()),
                Optional.ofNullable(response.getDuration()));
    }

    static TaskRun task(TaskInstanceResponse response) {
        return new TaskRun(
                response.getTaskId(),
                response.getMapIndex(),
                Optional.ofNullable(response.getState()),
                response.getTryNumber(),
                instant(response.getStartDate()),
                Optional.ofNullable(response.getDuration()));
    }

    static Optional<Instant> instant(OffsetDateTime time) {
        return Optional.ofNullable(time).map(OffsetDateTime::toInstant);
    }

    static OffsetDateTime utc(Instant time) {
        return time.atOffset(ZoneOffset.UTC);
    }
}
