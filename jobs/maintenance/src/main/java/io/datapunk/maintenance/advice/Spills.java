package io.datapunk.maintenance.advice;

import io.datapunk.lake.postgres.ServerWorkload.Query;
import io.datapunk.lake.postgres.ServerWorkload.Table;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Finds who asks queries that sort or group more than their memory holds. */
final class Spills {
    /** [000: work_mem 64 MB per connection] */
    private static final long MOST_BYTES = 64L << 20;

    /** Less than a page file of the kernel's cache is not worth a setting. */
    private static final long LEAST_BYTES = 1L << 20;

    /** Rows take more in memory than in a temporary file. */
    private static final int IN_MEMORY = 3;

    private Spills() {}

    /**
     * A role that needs more memory.
     *
     * @param bytes that a call wrote to temporary files
     * @param workMemory that would hold them
     * @param table the largest of those that are read
     */
    record Candidate(String role, long bytes, long workMemory, Table table, Usage usage) {}

    /** For each role its query that took most time. */
    static List<Candidate> of(List<ObservedQuery> queries, ServerTables tables) {
        Map<String, Candidate> byRole = new TreeMap<>();
        for (ObservedQuery query : queries) {
            candidate(query, tables).ifPresent(candidate -> byRole.putIfAbsent(candidate.role(), candidate));
        }
        return List.copyOf(byRole.values());
    }

    private static Optional<Candidate> candidate(ObservedQuery observed, ServerTables tables) {
        Query query = observed.query();
        long bytes = query.temporaryBytes() / query.calls();
        if (bytes < LEAST_BYTES || bytes > MOST_BYTES) {
            return Optional.empty();
        }
        long workMemory = Math.min(MOST_BYTES, Long.highestOneBit(2 * IN_MEMORY * bytes - 1));
        return observed.scans().stream()
                .flatMap(scan -> tables.find(scan.table()).stream())
                .max(Comparator.comparing(Table::bytes))
                .map(table -> new Candidate(query.role(), bytes, workMemory, table, observed.usage()));
    }
}
