package io.datapunk.maintenance.advice;

import io.datapunk.lake.postgres.ServerWorkload.Query;
import io.datapunk.lake.postgres.ServerWorkload.Table;
import io.datapunk.lake.postgres.ServerWorkload.TableName;
import io.datapunk.lake.postgres.TuningTrials.SearchedColumn;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds queries that name times but not the partitions that these lie in: partitions are lists of months as text, so that
 * PostgreSQL cannot tell by itself that only some of them have such times.
 */
final class UnprunedScans {
    private final Map<TableName, Table> tables;
    private final PartitionColumns partitionColumns;

    UnprunedScans(List<Table> tables, PartitionColumns partitionColumns) {
        this.tables = tables.stream().collect(Collectors.toMap(Table::name, table -> table));
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

    List<Candidate> of(List<Query> queries) {
        Map<TableName, Usage> found = new LinkedHashMap<>();
        for (Query query : queries) {
            Set<TableName> whole = new LinkedHashSet<>();
            query.plan().stream()
                    .flatMap(plan -> PlannedScan.of(plan).stream())
                    .filter(scan -> tables.containsKey(scan.table()))
                    .forEach(scan -> unpruned(scan).ifPresent(whole::add));
            whole.forEach(table -> found.merge(table, Usage.of(query), Usage::plus));
        }
        return found.entrySet().stream()
                .map(entry -> candidate(entry.getKey(), entry.getValue()))
                .filter(candidate -> candidate.partitions() > 1)
                .toList();
    }

    private Optional<TableName> unpruned(PlannedScan scan) {
        TableName root = tables.get(scan.table()).root();
        Set<String> named = scan.columns().stream().map(SearchedColumn::column).collect(Collectors.toSet());
        boolean isUnpruned =
                partitionColumns.timeOf(root).filter(named::contains).isPresent()
                        && partitionColumns
                                .of(root)
                                .filter(column -> !named.contains(column))
                                .isPresent();
        return isUnpruned ? Optional.of(root) : Optional.empty();
    }

    private Candidate candidate(TableName root, Usage usage) {
        List<Table> partitions = tables.values().stream()
                .filter(table -> table.root().equals(root))
                .toList();
        return new Candidate(
                root,
                partitionColumns.timeOf(root).orElseThrow(),
                partitionColumns.of(root).orElseThrow(),
                partitions.size(),
                partitions.stream().max(Comparator.comparing(Table::rows)).orElseThrow(),
                usage);
    }
}
