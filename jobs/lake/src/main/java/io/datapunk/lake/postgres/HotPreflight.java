package io.datapunk.lake.postgres;

import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.PartitionValue;
import io.datapunk.lake.model.table.Column;
import io.datapunk.lake.model.table.ColumnType;
import io.datapunk.lake.model.table.ColumnType.ArrayOf;
import io.datapunk.lake.model.table.ColumnType.Field;
import io.datapunk.lake.model.table.ColumnType.MapOf;
import io.datapunk.lake.model.table.ColumnType.OnlyInDelta;
import io.datapunk.lake.model.table.ColumnType.Primitive;
import io.datapunk.lake.model.table.ColumnType.StructOf;
import io.datapunk.lake.model.table.LakeTables;
import io.datapunk.lake.model.table.TableDefinition;
import io.datapunk.lake.model.table.TableShape;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Whether PostgreSQL can hold a table exactly, told from its columns before anything is copied. Pure. What only the values
 * tell, a NUL in a text or a time before 4713 BC, ends the load and is kept in {@code lake.refused}.
 */
public final class HotPreflight {
    private static final int NAME_LIMIT = 63;
    private static final int COLUMN_LIMIT = 1600;
    private static final Set<String> SYSTEM_COLUMNS = Set.of("tableoid", "xmin", "cmin", "xmax", "cmax", "ctid");
    private static final Set<String> SYSTEM_SCHEMAS =
            Set.of("lake", HotTable.LEAVES, "public", "information_schema", "flyway");

    private HotPreflight() {}

    /** Why a partition of the table cannot be served, empty where nothing is known against it. */
    public static Optional<String> obstacle(TableShape table, PartitionName partition) {
        return partition
                .value()
                .filter(value -> value.value().equals(PartitionValue.NO_VALUE))
                .map(none -> "its rows have no value in the partition column")
                .or(() -> obstacle(table));
    }

    private static Optional<String> obstacle(TableShape table) {
        List<String> columns = table.partitionColumns();
        if (columns.size() != 1) {
            return Optional.of(
                    columns.isEmpty()
                            ? "it has no partition column"
                            : "it is partitioned by " + String.join(" and ", columns) + ", and one column is served");
        }
        Optional<TableDefinition> own = LakeTables.find(table.name());
        if (own.isPresent()) {
            return differences(own.get(), table.columns());
        }
        String schema = table.name().schema();
        if (SYSTEM_SCHEMAS.contains(schema) || schema.startsWith("pg_")) {
            return Optional.of("schema " + schema + " is taken in PostgreSQL");
        }
        if (table.columns().size() > COLUMN_LIMIT) {
            return Optional.of("it has " + table.columns().size() + " columns, above PostgreSQL's " + COLUMN_LIMIT);
        }
        return table.columns().stream()
                .map(column -> obstacle(column, columns.get(0)))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Optional<String> obstacle(Column column, String partitionColumn) {
        String name = column.name();
        if (name.getBytes(StandardCharsets.UTF_8).length > NAME_LIMIT) {
            return Optional.of("the name of column " + name + " is longer than PostgreSQL's " + NAME_LIMIT + " bytes");
        }
        if (SYSTEM_COLUMNS.contains(name) || name.indexOf(0) >= 0) {
            return Optional.of("PostgreSQL lets no column be named " + name);
        }
        if (name.equals(partitionColumn) && column.type() != Primitive.STRING && column.type() != Primitive.DATE) {
            return Optional.of(
                    "its partition column " + name + " is " + column.type() + ", and texts and dates are served");
        }
        return onlyInDelta(column.type())
                .map(type -> "column " + name + " is " + type + ", which PostgreSQL cannot hold exactly");
    }

    private static Optional<OnlyInDelta> onlyInDelta(ColumnType type) {
        if (type instanceof OnlyInDelta found) {
            return Optional.of(found);
        }
        if (type instanceof ArrayOf array) {
            return onlyInDelta(array.element());
        }
        if (type instanceof MapOf map) {
            return onlyInDelta(map.key()).or(() -> onlyInDelta(map.value()));
        }
        if (type instanceof StructOf struct) {
            return struct.fields().stream()
                    .map(Field::type)
                    .map(HotPreflight::onlyInDelta)
                    .flatMap(Optional::stream)
                    .findFirst();
        }
        return Optional.empty();
    }

    /** What keeps these columns from being those of a table that the lake defines. */
    static Optional<String> differences(TableDefinition definition, List<Column> found) {
        List<String> differences = new ArrayList<>();
        List<String> names = found.stream().map(Column::name).toList();
        for (Column column : definition.columns()) {
            int at = names.indexOf(column.name());
            if (at < 0) {
                differences.add("column " + column.name() + " is missing");
            } else if (!found.get(at).type().toString().equals(column.type().toString())) {
                differences.add(
                        "column " + column.name() + " is " + found.get(at).type() + ", not " + column.type());
            }
        }
        for (String name : names) {
            if (!definition.columnNames().contains(name)) {
                differences.add("column " + name + " is not the lake's");
            }
        }
        return differences.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", differences));
    }
}
