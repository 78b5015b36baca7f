package io.datapunk.maintenance.advice;

import io.datapunk.lake.delta.TableSnapshot;
import io.datapunk.lake.model.FileTier;
import io.datapunk.lake.model.PartitionFiles;
import io.datapunk.lake.model.table.TableDefinition;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Decides of what is known of filters which changes of Delta tables are worth a trial. Pure. */
final class FilteredTable {
    /** What was asked less often is no habit. */
    private static final long LEAST_QUERIES = 10;

    /** Less fits into a few pages of a file, in whatever order. */
    private static final long LEAST_ROWS = 100_000;

    private final TableDefinition table;
    private final TableSnapshot snapshot;
    private final List<FilterUse> uses;
    private final List<String> sortedBy;

    /**
     * @param sortedBy by what the configuration lets rows lie before the table's own order
     * @param uses of this table
     */
    FilteredTable(TableDefinition table, TableSnapshot snapshot, List<String> sortedBy, List<FilterUse> uses) {
        this.table = table;
        this.snapshot = snapshot;
        this.uses = uses;
        this.sortedBy = sortedBy.isEmpty() ? table.sortedBy() : sortedBy;
    }

    /**
     * A column by which rows might lie together instead of as they do.
     *
     * @param queries that filter by it
     * @param others that filter by the column that rows are sorted by now
     * @param partition to try it on
     */
    record Clustering(String column, long queries, long others, PartitionFiles partition) {}

    /** Queries that name a time in a way that prunes no partition. */
    record Unpruned(String column, long queries, long bytes, long largestBytes) {}

    /** The column that most queries filter by, where files are sorted by another and fewer filter by that. */
    Optional<Clustering> clustering() {
        String partitionColumn = table.partition().column();
        Optional<String> sorted = sortedBy.stream().findFirst();
        return table.columnNames().stream()
                .filter(column -> !column.equals(partitionColumn) && !sorted.equals(Optional.of(column)))
                .max(Comparator.comparing(this::queries))
                .filter(column -> queries(column) >= LEAST_QUERIES)
                .filter(column -> queries(column) > sorted.map(this::queries).orElse(0L))
                .flatMap(column -> tried().map(partition -> new Clustering(
                        column, queries(column), sorted.map(this::queries).orElse(0L), partition)));
    }

    /** Queries of which most touch nearly all partitions though they filter by the time that these are made of. */
    Optional<Unpruned> unpruned(String timeColumn) {
        int partitions = snapshot.partitions().size();
        long queries = uses.stream()
                .filter(use -> use.columns().contains(timeColumn)
                        && !use.columns().contains(table.partition().column()))
                .filter(use -> use.mostRead().endsWith("/*") || use.partitions() > 0.9 * partitions)
                .mapToLong(FilterUse::queries)
                .sum();
        return partitions > 1 && queries >= LEAST_QUERIES
                ? Optional.of(new Unpruned(
                        timeColumn,
                        queries,
                        snapshot.bytes(),
                        snapshot.partitions().stream()
                                .mapToLong(PartitionFiles::bytes)
                                .max()
                                .orElse(0)))
                : Optional.empty();
    }

    private long queries(String column) {
        return uses.stream()
                .filter(use -> use.columns().contains(column))
                .mapToLong(FilterUse::queries)
                .sum();
    }

    /** The partition that is read most of those that are large enough, else the largest. What is cold is not read enough. */
    private Optional<PartitionFiles> tried() {
        List<PartitionFiles> large = snapshot.partitions().stream()
                .filter(partition -> partition.tier() == FileTier.WARM && partition.rows() >= LEAST_ROWS)
                .toList();
        return uses.stream()
                .flatMap(use -> large.stream()
                        .filter(partition -> partition.partition().toString().equals(use.mostRead())))
                .findFirst()
                .or(() -> large.stream().max(Comparator.comparing(PartitionFiles::rows)));
    }
}
