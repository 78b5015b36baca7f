package io.datapunk.lake.postgres;

import io.datapunk.lake.model.table.Column;
import io.datapunk.lake.model.table.ColumnType;
import io.datapunk.lake.model.table.ColumnType.ArrayOf;
import io.datapunk.lake.model.table.ColumnType.MapOf;
import io.datapunk.lake.model.table.ColumnType.Primitive;
import io.datapunk.lake.model.table.VectorsTable;
import io.datapunk.lake.postgres.VectorLayout.Hnsw;
import io.datapunk.lake.postgres.VectorLayout.IvfFlat;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The SQL of one attempt's table of vectors.
 *
 * @param leaf its name while it is made, which no other attempt has
 */
record VectorTable(String collection, String leaf, VectorLayout layout, VectorExtension extension) {
    static final String EMBEDDING = "embedding";

    private static final String MAKING = "lake_vectors";
    // With what is done to it before it, it names connections, and PostgreSQL cuts these at 63.
    private static final int NAME_LIMIT = 63 - "lake recall ".length();
    private static final Column VECTOR =
            column(EMBEDDING, new ArrayOf(Primitive.FLOAT), false, "The vector, as searches compare it");
    private static final List<Column> OTHERS = List.of(
            column(VectorsTable.ID, Primitive.STRING, false, "The source row's key"),
            column(VectorsTable.USER_ID, Primitive.STRING, true, "Random surrogate of the person"),
            column(VectorsTable.EVENT_TIME, Primitive.TIMESTAMP, true, "When it happened"),
            column(VectorsTable.TEXT, Primitive.STRING, true, "What the vector was made of"),
            column(
                    VectorsTable.ATTRIBUTES,
                    new MapOf(Primitive.STRING, Primitive.STRING),
                    false,
                    "What searches can ask for"));

    /** A name that no other attempt has. */
    static String newLeaf(String collection) {
        String suffix = "_" + UUID.randomUUID().toString().substring(0, 8);
        return collection.substring(0, Math.min(collection.length(), NAME_LIMIT - suffix.length())) + suffix;
    }

    private static Column column(String name, ColumnType type, boolean nullable, String comment) {
        return new Column(name, type, nullable, false, false, comment);
    }

    /** The name as SQL, while the table is made. */
    String relation() {
        return relation(leaf);
    }

    private static String relation(String leaf) {
        return MAKING + "." + HotTable.quoted(leaf);
    }

    /** The name as SQL that applications read. */
    static String published(String collection) {
        return VectorsTable.SCHEMA + "." + HotTable.quoted(collection);
    }

    private VectorCodec codec() {
        return new VectorCodec(
                extension.qualified(layout.type()) + "(" + layout.dimensions() + ")",
                layout.dimensions(),
                layout.half());
    }

    CopyTable copyTable() {
        return new CopyTable(
                leaf,
                relation(),
                "lake.published_parts",
                columns(),
                Stream.concat(ColumnCodec.of(OTHERS).stream(), Stream.of(codec()))
                        .toList());
    }

    private static List<Column> columns() {
        return Stream.concat(OTHERS.stream(), Stream.of(VECTOR)).toList();
    }

    List<String> create() {
        CopyTable table = copyTable();
        List<String> definitions = new ArrayList<>();
        for (int i = 0; i < table.columns().size(); i++) {
            Column column = table.columns().get(i);
            definitions.add(HotTable.quoted(column.name()) + " "
                    + table.codecs().get(i).sqlType() + (column.nullable() ? "" : " NOT NULL"));
        }
        // Vacuum would hold the table just when it is to be moved. Vectors stay in their rows as long as these fit into
        // a
        // page: to compare others takes many times as long.
        String options = "autovacuum_enabled = off, toast_tuple_target = 8160"
                + (extension.buildsInParallel() ? "" : ", parallel_workers = 0");
        return List.of(
                "CREATE SCHEMA IF NOT EXISTS " + VectorsTable.SCHEMA,
                "GRANT USAGE ON SCHEMA " + VectorsTable.SCHEMA
                        + " TO lake_reader, lake_analyst, lake_ingest, lake_admin",
                "CREATE TABLE " + relation() + " (" + String.join(", ", definitions) + ") WITH (" + options + ")",
                // Long texts go out of the row before vectors do.
                "ALTER TABLE " + relation() + " ALTER COLUMN " + EMBEDDING + " SET STORAGE MAIN");
    }

    /** Its indexes, for a table that is full; the one that finds neighbours is the last. */
    List<String> indexes() {
        List<String> statements = new ArrayList<>();
        statements.add("ALTER TABLE " + relation() + " ADD PRIMARY KEY (" + VectorsTable.ID + ")");
        statements.add("CREATE INDEX ON " + relation() + " (" + VectorsTable.USER_ID + ", " + VectorsTable.EVENT_TIME
                + " DESC)");
        String target = "CREATE INDEX ON " + relation() + " USING ";
        String column = " (" + EMBEDDING + " " + extension.qualified(layout.operatorClass()) + ")";
        if (layout.method() instanceof Hnsw hnsw) {
            statements.add(target + "hnsw" + column + " WITH (m = " + hnsw.m() + ", ef_construction = "
                    + hnsw.efConstruction() + ")");
        } else if (layout.method() instanceof IvfFlat ivf) {
            statements.add(target + "ivfflat" + column + " WITH (lists = " + ivf.lists() + ")");
        }
        return statements;
    }

    String analyse() {
        return "ANALYZE " + relation();
    }

    /** What else a table gets that applications read. */
    List<String> finish(String comment) {
        List<String> statements = new ArrayList<>();
        statements.add("CREATE TRIGGER lake_read_only BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON " + relation()
                + " FOR EACH STATEMENT EXECUTE FUNCTION lake.refuse_write()");
        statements.add("SELECT lake.secure(" + HotTable.literal(relation()) + ")");
        statements.add("COMMENT ON TABLE " + relation() + " IS " + HotTable.literal(comment));
        columns()
                .forEach(column -> statements.add("COMMENT ON COLUMN " + relation() + "."
                        + HotTable.quoted(column.name()) + " IS " + HotTable.literal(column.comment())));
        return statements;
    }

    /** Puts it where applications read, in place of an older one. */
    List<String> swap() {
        String moved = VectorsTable.SCHEMA + "." + HotTable.quoted(leaf);
        return List.of(
                "DROP TABLE IF EXISTS " + published(collection),
                "ALTER TABLE " + relation() + " RESET (autovacuum_enabled)",
                "ALTER TABLE " + relation() + " SET SCHEMA " + VectorsTable.SCHEMA,
                "ALTER TABLE " + moved + " RENAME TO " + HotTable.quoted(collection));
    }

    static String drop(String leaf) {
        return "DROP TABLE IF EXISTS " + relation(leaf);
    }

    /** How far a row is from the row whose id is the statement's parameter. */
    String distance() {
        return EMBEDDING + " OPERATOR(" + extension.qualified(layout.operator()) + ") (SELECT " + EMBEDDING + " FROM "
                + relation() + " WHERE " + VectorsTable.ID + " = ?)";
    }
}
