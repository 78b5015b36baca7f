package io.datapunk.maintenance.advice;

import io.datapunk.lake.postgres.ServerWorkload.Table;
import io.datapunk.lake.postgres.ServerWorkload.TableName;
import io.datapunk.lake.postgres.TuningTrials.SearchedColumn;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds queries that name times but not the partitions that these lie in: partitions are lists of months as text, so that
 * PostgreSQL cannot tell by itself that only some of them have such times.
 */
final class UnprunedScans {
    private final ServerTables tables;
    private final PartitionColumns partitionColumns;

    UnprunedScans(ServerTables tables, PartitionColumns partitionColumns) {
        this.tables = tables;
        this.partitionColumns = partitionColumns;
    }

    /**
     * A table that is read whole.
     *
     * @param partitions that are read
     * @param largest of them
     */
    record Candidate(
            TableName table, String timeColumn, String partitionColumn, int partitions, Table largest, Usage usage) {}

    List<Candidate> of(List<ObservedQuery> queries) {
        Map<TableName, Usage> found = new LinkedHashMap<>();
        for (ObservedQuery query : queries) {
            Set<TableName> whole = new LinkedHashSet<>();
            query.scans().forEach(scan -> tables.find(scan.table())
                    .map(Table::root)
                    .filter(root -> isUnpruned(root, scan))
                    .ifPresent(whole::add));
            whole.forEach(table -> found.merge(table, query.usage(), Usage::plus));
        }
        return found.entrySet().stream()
                .map(entry -> candidate(entry.getKey(), entry.getValue()))
                .filter(candidate -> candidate.partitions() > 1)
                .toList();
    }

    private boolean isUnpruned(TableName root, PlannedScan scan) {
        Set<String> named = scan.columns().stream().map(SearchedColumn::column).collect(Collectors.toSet());
        return partitionColumns.timeOf(root).filter(named::contains).isPresent()
                && partitionColumns
                        .of(root)
                        .filter(column -> !named.contains(column))
                        .isPresent();
    }

    private Candidate candidate(TableName root, Usage usage) {
        return new Candidate(
                root,
                partitionColumns.timeOf(root).orElseThrow(),
                partitionColumns.of(root).orElseThrow(),
                tables.partitions(root).size(),
                tables.largest(root),
                usage);
    }
}
