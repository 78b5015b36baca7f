package io.datapunk.maintenance.advice;

import io.datapunk.lake.postgres.ServerWorkload.Index;
import io.datapunk.lake.postgres.ServerWorkload.Table;
import io.datapunk.lake.postgres.ServerWorkload.TableName;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An index of a table with all its partitions.
 *
 * @param example one of those that it consists of
 * @param names as SQL: of the index of the partitioned table, else of each of its parts
 * @param isNeeded whether it keeps rows apart, or a constraint is made of it
 * @param reads scans of the tables that have it, by whatever way
 */
record IndexUse(
        TableName table, Index example, List<String> names, boolean isNeeded, long bytes, long scans, long reads) {
    /** What makes indexes of partitions one. */
    private record Group(String table, String attachedTo, String definition) {}

    static List<IndexUse> of(List<Index> indexes, List<Table> tables) {
        Map<TableName, Table> byName = tables.stream().collect(Collectors.toMap(Table::name, table -> table));
        Map<Group, List<Index>> groups = indexes.stream()
                .filter(index -> byName.containsKey(index.table()))
                .collect(Collectors.groupingBy(
                        index -> group(index, byName.get(index.table())),
                        () -> new TreeMap<>(Comparator.comparing(Group::toString)),
                        Collectors.toList()));
        return groups.values().stream().map(group -> use(group, byName)).toList();
    }

    /** Two of the same definition on one table that is no partition are two. */
    private static Group group(Index index, Table table) {
        boolean isPart = !table.root().equals(table.name());
        return new Group(table.root().sql(), index.attachedTo().orElse(isPart ? "" : index.name()), index.definition());
    }

    private static IndexUse use(List<Index> parts, Map<TableName, Table> tables) {
        Index example = parts.get(0);
        return new IndexUse(
                tables.get(example.table()).root(),
                example,
                example.attachedTo()
                        .map(List::of)
                        .orElseGet(
                                () -> parts.stream().map(Index::name).sorted().toList()),
                parts.stream().anyMatch(Index::isNeeded),
                parts.stream().mapToLong(Index::bytes).sum(),
                parts.stream().mapToLong(Index::scans).sum(),
                parts.stream()
                        .map(Index::table)
                        .distinct()
                        .mapToLong(table -> tables.get(table).scans())
                        .sum());
    }

    String definition() {
        return example.definition();
    }

    /** Whether partitions have it each by itself, as those that the lake makes by configuration. */
    boolean isOfPartitions() {
        return example.attachedTo().isEmpty() && !example.table().equals(table);
    }

    /** Whether every search that this one serves is served by the other as well. */
    boolean isCoveredBy(IndexUse other) {
        Index mine = example;
        Index its = other.example;
        boolean sameRows = mine.predicate().equals(its.predicate());
        boolean prefix = mine.method().equals("btree")
                ? its.keys().size() >= mine.keys().size()
                        && its.keys().subList(0, mine.keys().size()).equals(mine.keys())
                : its.keys().equals(mine.keys());
        List<String> columns = Stream.concat(its.keys().stream().map(IndexUse::column), its.included().stream())
                .toList();
        return table.equals(other.table)
                && mine.method().equals(its.method())
                && sameRows
                && prefix
                && columns.containsAll(mine.included());
    }

    /** A key without its operators and its order. */
    private static String column(String key) {
        return key.substring(0, key.lastIndexOf(' ', key.lastIndexOf(' ') - 1));
    }

    /** Of several that cover each other the one that goes last stays: needed ones, then the most used, then by name. */
    static Optional<IndexUse> instead(IndexUse index, List<IndexUse> all) {
        Comparator<IndexUse> worth = Comparator.comparing(IndexUse::isNeeded)
                .thenComparing(IndexUse::scans)
                .thenComparing(use -> use.names().toString(), Comparator.reverseOrder());
        return all.stream()
                .filter(other -> other != index && index.isCoveredBy(other))
                .filter(other -> !other.isCoveredBy(index) || worth.compare(index, other) < 0)
                .max(worth);
    }
}
