package io.datapunk.maintenance.advice;

import io.datapunk.lake.postgres.ServerWorkload.Table;
import io.datapunk.lake.postgres.ServerWorkload.TableName;
import io.datapunk.lake.postgres.TuningTrials.Search;
import io.datapunk.lake.postgres.TuningTrials.SearchedColumn;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds which columns queries search tables by that have to be read from end to end for it. Whether an index helps, a trial tells. */
final class MissingIndexes {
    /** A smaller table is read as fast as an index. */
    private static final long LEAST_ROWS = 10_000;

    private static final int MOST_COLUMNS = 3;

    private final ServerTables tables;
    private final PartitionColumns partitionColumns;

    MissingIndexes(ServerTables tables, PartitionColumns partitionColumns) {
        this.tables = tables;
        this.partitionColumns = partitionColumns;
    }

    /**
     * An index that might help.
     *
     * @param table with all its partitions
     * @param largest the partition with most rows, or the table itself
     * @param columns in the order of the index
     * @param usage of the queries that it might help
     */
    record Candidate(TableName table, Table largest, List<SearchedColumn> columns, Usage usage) {}

    private record Index(TableName table, List<SearchedColumn> columns) {}

    /** Those of the queries that took most time first. */
    List<Candidate> of(List<ObservedQuery> queries) {
        Map<Index, Usage> found = new LinkedHashMap<>();
        for (ObservedQuery query : queries) {
            Set<Index> wanted = new LinkedHashSet<>();
            query.scans().stream().filter(PlannedScan::isSequential).forEach(scan -> tables.find(scan.table())
                    .ifPresent(table -> wanted.addAll(indexes(table.root(), scan))));
            wanted.forEach(index -> found.merge(index, query.usage(), Usage::plus));
        }
        return found.entrySet().stream()
                .map(entry -> new Candidate(
                        entry.getKey().table(),
                        tables.largest(entry.getKey().table()),
                        entry.getKey().columns(),
                        entry.getValue()))
                .filter(candidate -> candidate.largest().rows() >= LEAST_ROWS)
                .sorted(Comparator.comparing(
                        (Candidate candidate) -> candidate.usage().totalMs(), Comparator.reverseOrder()))
                .toList();
    }

    /** One for what is compared, and one for each column that is searched in another way. */
    private List<Index> indexes(TableName root, PlannedScan scan) {
        // All rows of a partition have the same in it.
        List<SearchedColumn> columns = scan.columns().stream()
                .filter(column -> !partitionColumns.of(root).equals(Optional.of(column.column())))
                .toList();
        List<Index> indexes = new ArrayList<>();
        List<SearchedColumn> compared = Stream.concat(
                        by(columns, Search.EQUAL).sorted(Comparator.comparing(SearchedColumn::column)),
                        // Behind a range nothing is in order any more.
                        by(columns, Search.RANGE).limit(1))
                .limit(MOST_COLUMNS)
                .toList();
        if (!compared.isEmpty()) {
            indexes.add(new Index(root, compared));
        }
        Stream.concat(by(columns, Search.PART), by(columns, Search.CONTAINED))
                .forEach(column -> indexes.add(new Index(root, List.of(column))));
        return indexes;
    }

    private static Stream<SearchedColumn> by(List<SearchedColumn> columns, Search search) {
        Set<String> equal = columns.stream()
                .filter(column -> column.search() == Search.EQUAL)
                .map(SearchedColumn::column)
                .collect(Collectors.toSet());
        return columns.stream()
                .filter(column -> column.search() == search)
                .filter(column -> search == Search.EQUAL || !equal.contains(column.column()))
                .distinct();
    }
}
