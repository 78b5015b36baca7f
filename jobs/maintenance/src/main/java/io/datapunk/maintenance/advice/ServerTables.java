package io.datapunk.maintenance.advice;

import io.datapunk.lake.postgres.ServerWorkload.Table;
import io.datapunk.lake.postgres.ServerWorkload.TableName;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The tables that a server has rows in, by name and by the table that they are partitions of. */
final class ServerTables {
    private final Map<TableName, Table> byName;
    private final Map<TableName, List<Table>> byRoot;

    ServerTables(List<Table> tables) {
        this.byName = tables.stream().collect(Collectors.toMap(Table::name, table -> table));
        this.byRoot = tables.stream().collect(Collectors.groupingBy(Table::root));
    }

    /** Empty for one of the lake's own bookkeeping, or the server's. */
    Optional<Table> find(TableName name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** A table's partitions, or the table itself. */
    List<Table> partitions(TableName root) {
        return byRoot.get(root);
    }

    /** The one with most rows. */
    Table largest(TableName root) {
        return partitions(root).stream().max(Comparator.comparing(Table::rows)).orElseThrow();
    }
}
