package io.datapunk.maintenance.advice;

import io.datapunk.lake.postgres.ServerWorkload.Query;
import java.util.List;

/** A query that the server has counted, with where it reads tables; nowhere where its plan is not known. */
record ObservedQuery(Query query, List<PlannedScan> scans) {
    static ObservedQuery of(Query query) {
        return new ObservedQuery(query, query.plan().map(PlannedScan::of).orElse(List.of()));
    }

    Usage usage() {
        return new Usage(1, query.calls(), query.totalMs());
    }
}
