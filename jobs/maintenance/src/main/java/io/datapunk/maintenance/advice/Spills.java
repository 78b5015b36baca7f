package io.datapunk.maintenance.advice;

import io.datapunk.lake.postgres.ServerWorkload.Query;
import io.datapunk.lake.postgres.ServerWorkload.Table;
import io.datapunk.lake.postgres.ServerWorkload.TableName;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

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
    static List<Candidate> of(List<Query> queries, List<Table> tables) {
        Map<TableName, Table> byName = tables.stream().collect(Collectors.toMap(Table::name, table -> table));
        Map<String, Candidate> byRole = new TreeMap<>();
        for (Query query : queries) {
            candidate(query, byName).ifPresent(candidate -> byRole.putIfAbsent(candidate.role(), candidate));
        }
        return List.copyOf(byRole.values());
    }

    private static Optional<Candidate> candidate(Query query, Map<TableName, Table> tables) {
        long bytes = query.temporaryBytes() / query.calls();
        if (bytes < LEAST_BYTES || bytes > MOST_BYTES) {
            return Optional.empty();
        }
        long workMemory = Math.min(MOST_BYTES, Long.highestOneBit(2 * IN_MEMORY * bytes - 1));
        return query.plan().stream()
                .flatMap(plan -> PlannedScan.of(plan).stream())
                .map(scan -> tables.get(scan.table()))
                .filter(table -> table != null)
                .max(Comparator.comparing(Table::bytes))
                .map(table -> new Candidate(query.role(), bytes, workMemory, table, Usage.of(query)));
    }
}
