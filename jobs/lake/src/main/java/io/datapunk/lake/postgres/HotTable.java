package io.datapunk.lake.postgres;

import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.PartitionValue;
import io.datapunk.lake.model.table.Column;
import io.datapunk.lake.model.table.EventColumns;
import io.datapunk.lake.model.table.ProvenanceColumns;
import io.datapunk.lake.model.table.TableDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Collectors;

/** The SQL of a dataset in the hot store: one partitioned table that applications read, one leaf for each partition. */
record HotTable(TableDefinition definition, HotLayout layout) {
    static final String LEAVES = "lake_hot";
    private static final int NAME_LIMIT = 63 - ("_" + (HotLayout.MOST_TABLES - 1)).length();

    HotTable {
        if (definition.partitionColumn().isEmpty()) {
            throw LakeException.failed(
                    definition.name() + " cannot be served hot",
                    "it has no partition column",
                    "leave it warm; it is small");
        }
    }

    HotTable(TableDefinition definition) {
        this(definition, HotLayout.PLAIN);
    }

    HotIndexes own() {
        return new HotIndexes(definition, layout.indexes());
    }

    /** Of the parent. PostgreSQL wants each column in it by which any of its leaves is cut. */
    List<String> key() {
        List<String> key = new ArrayList<>(definition.key());
        if (!key.isEmpty() && layout.splits(definition) && !key.contains(ProvenanceColumns.USER_ID)) {
            key.add(ProvenanceColumns.USER_ID);
        }
        return key;
    }

    String partitionColumn() {
        return definition.partitionColumn().orElseThrow();
    }

    /** The parent's name as SQL. */
    String parent() {
        return quoted(definition.name().schema()) + "."
                + quoted(definition.name().name());
    }

    static String parent(PartitionName partition) {
        return quoted(partition.dataset().schema()) + "."
                + quoted(partition.dataset().name());
    }

    static String leaf(String leaf) {
        return LEAVES + "." + quoted(leaf);
    }

    /** A name that no other attempt has. */
    static String newLeaf(PartitionName partition, long epoch) {
        String suffix = "_e" + epoch + "_" + UUID.randomUUID().toString().substring(0, 8);
        String value = partition.value().map(PartitionValue::value).orElse("");
        String readable = (partition.dataset().name() + "_" + value)
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9_]", "_");
        return readable.substring(0, Math.min(readable.length(), NAME_LIMIT - suffix.length())) + suffix;
    }

    List<String> createParent() {
        List<String> statements = new ArrayList<>();
        statements.add("CREATE SCHEMA IF NOT EXISTS " + quoted(definition.name().schema()));
        statements.add("CREATE TABLE " + parent() + " (" + columns() + ") PARTITION BY LIST ("
                + quoted(partitionColumn()) + ")");
        statements.addAll(indexes());
        statements.add(readOnly(parent()));
        statements.add("COMMENT ON TABLE " + parent() + " IS " + literal(definition.comment()));
        for (Column column : definition.columns()) {
            statements.add(
                    "COMMENT ON COLUMN " + parent() + "." + quoted(column.name()) + " IS " + literal(column.comment()));
        }
        statements.add("GRANT USAGE ON SCHEMA " + quoted(definition.name().schema())
                + " TO lake_reader, lake_analyst, lake_ingest, lake_admin");
        statements.add("SELECT lake.secure(" + literal(parent()) + ")");
        return statements;
    }

    /** A query for the statements that give a leaf the indexes of its parent; attaching it would build them under a lock. */
    String parentIndexes(String leaf) {
        return """
                SELECT CASE WHEN indisprimary THEN format('ALTER TABLE %1$s ADD %%s', pg_get_constraintdef(pg_constraint.oid))
                            ELSE regexp_replace(pg_get_indexdef(indexrelid), 'INDEX .* ON ONLY .*? USING', 'INDEX ON %1$s USING')
                       END
                  FROM pg_index
                  LEFT JOIN pg_constraint ON conindid = indexrelid AND contype = 'p'
                 WHERE indrelid = %2$s::regclass
                 ORDER BY indisprimary DESC, indexrelid
                """.formatted(leaf(leaf).replace("'", "''"), literal(parent()));
    }

    /** A column that a newer release has added. */
    String addColumn(Column column) {
        return "ALTER TABLE " + parent() + " ADD COLUMN " + column(column);
    }

    /**
     * A detached leaf; with its check PostgreSQL need not read it when it is attached.
     *
     * @param tables that its rows are cut into, by user
     */
    List<String> createLeaf(String leaf, PartitionName partition, int tables) {
        String column = quoted(partitionColumn());
        String one = "CREATE TABLE " + leaf(leaf) + " (LIKE " + parent()
                + " INCLUDING DEFAULTS INCLUDING STORAGE INCLUDING CONSTRAINTS, CHECK (" + column + " IS NOT NULL AND "
                + column + " = " + literal(value(partition)) + "))";
        if (tables == 1) {
            return List.of(one);
        }
        List<String> statements = new ArrayList<>();
        statements.add(one + " PARTITION BY HASH (" + quoted(ProvenanceColumns.USER_ID) + ")");
        for (int part = 0; part < tables; part++) {
            statements.add("CREATE TABLE " + part(leaf, part) + " PARTITION OF " + leaf(leaf)
                    + " FOR VALUES WITH (MODULUS " + tables + ", REMAINDER " + part + ")");
        }
        return statements;
    }

    private static String part(String leaf, int part) {
        return leaf(leaf + "_" + part);
    }

    /**
     * What a leaf gets once it is full and has the indexes of its parent.
     *
     * @param tables that its rows are cut into
     * @param trigrams schema of the extension pg_trgm; needed only for indexes of its kind
     */
    List<String> finishLeaf(String leaf, int tables, String trigrams) {
        List<String> statements = new ArrayList<>();
        statements.addAll(own().create(leaf(leaf), trigrams));
        statements.addAll(closed(leaf(leaf)));
        for (int part = 0; tables > 1 && part < tables; part++) {
            statements.addAll(closed(part(leaf, part)));
        }
        statements.add("ANALYZE " + leaf(leaf));
        return statements;
    }

    private static List<String> closed(String table) {
        // Without a policy: whoever is let into a leaf by mistake sees nothing there.
        return List.of(readOnly(table), "ALTER TABLE " + table + " ENABLE ROW LEVEL SECURITY");
    }

    String attach(String leaf, PartitionName partition) {
        return "ALTER TABLE " + parent() + " ATTACH PARTITION " + leaf(leaf) + " FOR VALUES IN ("
                + literal(value(partition)) + ")";
    }

    CopyTable copyTable(String leaf) {
        return CopyTable.of(leaf, leaf(leaf), "lake.load_parts", definition.columns());
    }

    private String columns() {
        return definition.columns().stream().map(HotTable::column).collect(Collectors.joining(", "));
    }

    private static String column(Column column) {
        return quoted(column.name()) + " " + ColumnCodec.of(column.type()).sqlType()
                + (column.nullable() ? "" : " NOT NULL");
    }

    private List<String> indexes() {
        List<String> names = definition.columnNames();
        List<String> indexes = new ArrayList<>();
        if (!definition.key().isEmpty()) {
            indexes.add(addKey());
        }
        if (names.contains(ProvenanceColumns.USER_ID) && names.contains(EventColumns.EVENT_TIME)) {
            // A user's last activities: which and when, without a look at the table. Titles do not stand in it: one
            // above 2.7 kB would end the load. The rows lie together, for files are sorted by user and time.
            boolean covering = definition.key().contains(ProvenanceColumns.ID);
            indexes.add("CREATE INDEX ON " + parent() + " (" + quoted(ProvenanceColumns.USER_ID) + ", "
                    + quoted(EventColumns.EVENT_TIME) + " DESC)"
                    + (covering ? " INCLUDE (" + quoted(ProvenanceColumns.ID) + ")" : ""));
        }
        return indexes;
    }

    String addKey() {
        return "ALTER TABLE " + parent() + " ADD PRIMARY KEY (" + quotedNames(key()) + ")";
    }

    private static String readOnly(String table) {
        return "CREATE TRIGGER lake_read_only BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON " + table
                + " FOR EACH STATEMENT EXECUTE FUNCTION lake.refuse_write()";
    }

    static String value(PartitionName partition) {
        return partition.value().orElseThrow().value();
    }

    /** The partition as {@code lake.served} names it. */
    static String served(PartitionName partition) {
        return partition.value().orElseThrow().toString();
    }

    static String names(List<Column> columns) {
        return quotedNames(columns.stream().map(Column::name).toList());
    }

    static String quotedNames(List<String> names) {
        return names.stream().map(HotTable::quoted).collect(Collectors.joining(", "));
    }

    static String quoted(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }

    static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
