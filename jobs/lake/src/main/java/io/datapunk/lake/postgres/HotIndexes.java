package io.datapunk.lake.postgres;

import io.datapunk.lake.config.HotIndex;
import io.datapunk.lake.config.HotIndex.Condition;
import io.datapunk.lake.config.HotIndex.Key;
import io.datapunk.lake.config.HotIndex.Method;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.table.Column;
import io.datapunk.lake.model.table.ColumnType;
import io.datapunk.lake.model.table.ColumnType.ArrayOf;
import io.datapunk.lake.model.table.ColumnType.DecimalOf;
import io.datapunk.lake.model.table.ColumnType.MapOf;
import io.datapunk.lake.model.table.ColumnType.Primitive;
import io.datapunk.lake.model.table.ColumnType.StructOf;
import io.datapunk.lake.model.table.TableDefinition;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The SQL of a dataset's own indexes, and what keeps one from being made. */
final class HotIndexes {
    private static final Map<Primitive, String> RANGES = Map.of(
            Primitive.INT, "int4range",
            Primitive.LONG, "int8range",
            Primitive.TIMESTAMP, "tstzrange",
            Primitive.TIMESTAMP_NTZ, "tsrange",
            Primitive.DATE, "daterange");

    private final TableDefinition table;
    private final List<HotIndex> indexes;

    HotIndexes(TableDefinition table, List<HotIndex> indexes) {
        this.table = table;
        this.indexes = indexes;
    }

    boolean needTrigrams() {
        return indexes.stream().anyMatch(index -> index.method() == Method.TRIGRAM);
    }

    /** @throws LakeException (usage) where an index does not fit the table's columns */
    void require() {
        for (HotIndex index : indexes) {
            mistake(index).ifPresent(mistake -> {
                throw LakeException.usage(
                        table.name() + " cannot have an index that its configuration asks for",
                        mistake,
                        "correct lake.datasets.\"" + table.name() + "\".tiering.hot.indexes");
            });
        }
    }

    /** @param trigrams schema of the extension pg_trgm; needed only where there are indexes of its kind */
    List<String> create(String leaf, String trigrams) {
        return indexes.stream().map(index -> create(index, leaf, trigrams)).toList();
    }

    private String create(HotIndex index, String leaf, String trigrams) {
        String keys =
                switch (index.method()) {
                    case BTREE ->
                        index.keys().stream()
                                .map(key -> HotTable.quoted(key.column()) + (key.descending() ? " DESC" : ""))
                                .collect(Collectors.joining(", "));
                    case GIN -> HotTable.quoted(column(index, 0));
                    case TRIGRAM ->
                        HotTable.quoted(column(index, 0)) + " " + HotTable.quoted(trigrams) + ".gin_trgm_ops";
                    case GIST -> range(index);
                };
        String method =
                switch (index.method()) {
                    case BTREE -> "btree";
                    case GIN, TRIGRAM -> "gin";
                    case GIST -> "gist";
                };
        String include = index.covering().isEmpty()
                ? ""
                : " INCLUDE (" + index.covering().stream().map(HotTable::quoted).collect(Collectors.joining(", "))
                        + ")";
        String where = index.where().isEmpty()
                ? ""
                : " WHERE " + index.where().stream().map(HotIndexes::sql).collect(Collectors.joining(" AND "));
        return "CREATE INDEX ON " + leaf + " USING " + method + " (" + keys + ")" + include + where;
    }

    /** Rows that end before they begin have no range; without the case they would end the load. */
    private String range(HotIndex index) {
        String from = HotTable.quoted(column(index, 0));
        String to = HotTable.quoted(column(index, 1));
        String range = rangeType(type(column(index, 0))).orElseThrow();
        return "(CASE WHEN " + from + " <= " + to + " THEN " + range + "(" + from + ", " + to + ") END)";
    }

    private static String sql(Condition condition) {
        String column = HotTable.quoted(condition.column());
        return switch (condition.test()) {
            case IS_NULL -> column + " IS NULL";
            case IS_NOT_NULL -> column + " IS NOT NULL";
            case EQUALS -> column + " = " + HotTable.literal(condition.value());
        };
    }

    private Optional<String> mistake(HotIndex index) {
        for (String name : index.columns()) {
            if (!table.columnNames().contains(name)) {
                return Optional.of("it has no column " + name + "; its columns are "
                        + table.columns().stream().map(Column::name).collect(Collectors.joining(", ")));
            }
        }
        for (Condition condition : index.where()) {
            if (condition.test() == Condition.Test.EQUALS && type(condition.column()) != Primitive.STRING) {
                return Optional.of("where compares column " + condition.column() + " with a text, and it is "
                        + type(condition.column()));
            }
        }
        ColumnType first = type(column(index, 0));
        boolean fits =
                switch (index.method()) {
                    case BTREE -> true;
                    case GIN -> first instanceof ArrayOf || first instanceof MapOf || first instanceof StructOf;
                    case TRIGRAM -> first == Primitive.STRING;
                    case GIST -> rangeType(first).isPresent() && first.equals(type(column(index, 1)));
                };
        return fits
                ? Optional.empty()
                : Optional.of("column " + column(index, 0) + " is " + first + ", and "
                        + switch (index.method()) {
                            case GIN -> "gin takes an array, a map or a struct";
                            case TRIGRAM -> "trigram takes a string";
                            default -> "gist takes two numbers, dates or times of one type";
                        });
    }

    private static Optional<String> rangeType(ColumnType type) {
        return type instanceof DecimalOf ? Optional.of("numrange") : Optional.ofNullable(RANGES.get(type));
    }

    private ColumnType type(String column) {
        return table.column(column).type();
    }

    private static String column(HotIndex index, int at) {
        Key key = index.keys().get(at);
        return key.column();
    }
}
