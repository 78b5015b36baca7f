package io.datapunk.lake.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.lake.delta.CanonicalColumns;
import io.datapunk.lake.delta.DeltaSchemas;
import io.datapunk.lake.model.CanonicalRow;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.RowChecksum;
import io.datapunk.lake.model.table.Column;
import io.datapunk.lake.model.table.ColumnType;
import io.datapunk.lake.model.table.ColumnType.ArrayOf;
import io.datapunk.lake.model.table.ColumnType.DecimalOf;
import io.datapunk.lake.model.table.ColumnType.Field;
import io.datapunk.lake.model.table.ColumnType.MapOf;
import io.datapunk.lake.model.table.ColumnType.Primitive;
import io.datapunk.lake.model.table.ColumnType.StructOf;
import io.datapunk.lake.model.table.TableDefinition;
import io.datapunk.testkit.SharedPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/** What goes into PostgreSQL by a load's own tasks comes back as the same rows, or is refused before anybody sees it. */
class TypeFidelityProperties {
    private static final int ROWS = 12;

    private final PostgresConnection database = SharedPostgres.migratedDatabase();
    private int tables;

    @Property(tries = 150)
    void everyValueOfEveryTypeComesBackAsItWas(
            @ForAll("types") ColumnType first, @ForAll("types") ColumnType second, @ForAll long seed)
            throws SQLException {
        SparkValues values = new SparkValues(new Random(seed));
        List<InternalRow> rows = IntStream.range(0, ROWS)
                .mapToObj(row -> row(values.orNull(first), values.orNull(second)))
                .toList();
        Copy copy = copy(List.of(first, second), rows);
        assertThat(copy.refusal()).isNull();
        assertThat(copy.found()).isEqualTo(copy.expected());
        assertThat(copy.found().rows()).isEqualTo(ROWS);
    }

    @Property(tries = 40)
    void aNulAnInvalidTextOrATimeBeforePostgresIsRefusedWhereverItStands(
            @ForAll("carriers") Carrier carrier, @ForAll long seed) throws SQLException {
        SparkValues values = new SparkValues(new Random(seed));
        List<InternalRow> rows = new ArrayList<>();
        for (int row = 0; row < ROWS; row++) {
            rows.add(row(values.orNull(carrier.type()), null));
        }
        rows.set(values.random().nextInt(ROWS), row(carrier.wrapped(), null));
        Copy copy = copy(List.of(carrier.type(), Primitive.INT), rows);
        assertThat(copy.refusal()).isEqualTo("column a \"b\" " + carrier.refusal());
    }

    /** A value that PostgreSQL cannot hold, in a column of this type. */
    record Carrier(ColumnType type, Object wrapped, String refusal) {}

    private record Copy(RowChecksum expected, RowChecksum found, String refusal) {}

    private Copy copy(List<ColumnType> types, List<InternalRow> rows) throws SQLException {
        DatasetName name = new DatasetName("other", "table_" + tables++);
        TableDefinition definition = TableDefinition.foreign(
                name,
                "day",
                List.of(
                        // A hostile name: it has to be quoted wherever it goes.
                        new Column("a \"b\"", types.get(0), true, false, false, "it's"),
                        new Column("select", types.get(1), true, false, false, ""),
                        new Column("day", Primitive.DATE, true, false, false, "")));
        HotTable table = new HotTable(definition);
        PartitionName partition = PartitionName.of(name, "day", "2026-01-31");
        new HotParents(new FencedTransactions(database, 1)).ensure(table);
        new HotParents(new FencedTransactions(database, 1)).ensure(table);
        String leaf = HotTable.newLeaf(partition, 1);
        try (Connection connection = SharedPostgres.connect(database)) {
            Statements.update(
                    connection,
                    "INSERT INTO lake.served (leaf, dataset, partition, delta_version, file_set_hash, epoch, state)"
                            + " VALUES (?, ?, 'day=2026-01-31', 1, 'hash', 1, 'LOADING')",
                    leaf,
                    name.toString());
            Statements.execute(connection, table.createLeaf(leaf, partition, 1).get(0));
        }
        StructType schema = DeltaSchemas.structType(definition);
        Iterator<LoadTask.Refusal> refusals =
                new LoadTask(database, table.copyTable(leaf), schema).call(0, rows.iterator());
        if (refusals.hasNext()) {
            return new Copy(null, null, refusals.next().reason());
        }
        CanonicalRow expected = new CanonicalRow();
        CanonicalColumns columns = new CanonicalColumns(schema);
        rows.forEach(row -> columns.add(row, expected));
        return new Copy(expected.checksum(), new LeafReader(database, leaf, definition).checksum(), null);
    }

    private static InternalRow row(Object first, Object second) {
        return new GenericInternalRow(new Object[] {
            first, second, (int) java.time.LocalDate.parse("2026-01-31").toEpochDay()
        });
    }

    @Provide
    Arbitrary<ColumnType> types() {
        Arbitrary<ColumnType> scalars = scalars();
        return Arbitraries.lazyOf(() -> scalars, () -> scalars, () -> nested(scalars), () -> nested(nested(scalars)));
    }

    private static Arbitrary<ColumnType> scalars() {
        Arbitrary<ColumnType> decimals = Arbitraries.integers()
                .between(1, 38)
                .flatMap(precision ->
                        Arbitraries.integers().between(0, precision).map(scale -> new DecimalOf(precision, scale)));
        return Arbitraries.oneOf(Arbitraries.of(Primitive.values()), decimals);
    }

    private static Arbitrary<ColumnType> nested(Arbitrary<ColumnType> parts) {
        return Arbitraries.oneOf(
                parts.map(ArrayOf::new),
                Combinators.combine(scalars(), parts).as(MapOf::new),
                Combinators.combine(parts, parts)
                        .as((one, other) -> new StructOf(List.of(new Field("x y", one), new Field("\"ü\"", other)))));
    }

    @Provide
    Arbitrary<Carrier> carriers() {
        UTF8String invalid = UTF8String.fromBytes(new byte[] {'a', (byte) 0xC3, '('});
        UTF8String surrogate = UTF8String.fromBytes(new byte[] {(byte) 0xED, (byte) 0xA0, (byte) 0x80});
        String nul = "has a text with the character NUL, which PostgreSQL cannot hold";
        String broken = "has a text that is not valid UTF-8";
        String early = "has a time before 4713 BC, where PostgreSQL's time begins";
        List<Carrier> bare = List.of(
                new Carrier(Primitive.STRING, UTF8String.fromString("a\0b"), nul),
                new Carrier(Primitive.STRING, invalid, broken),
                new Carrier(Primitive.STRING, surrogate, broken),
                new Carrier(Primitive.TIMESTAMP, Long.MIN_VALUE, early),
                new Carrier(Primitive.TIMESTAMP_NTZ, SparkValues.FIRST_MICROS - 1, early),
                new Carrier(
                        Primitive.DATE,
                        SparkValues.FIRST_DAY - 1,
                        "has a date outside of what PostgreSQL holds, 4713 BC to 5874897 AD"));
        return Arbitraries.of(bare)
                .flatMap(carrier -> Arbitraries.of(
                        carrier,
                        new Carrier(
                                new ArrayOf(carrier.type()), SparkValues.array(carrier.wrapped()), carrier.refusal()),
                        // Within jsonb times are texts, so only texts can be refused there.
                        carrier.type() == Primitive.STRING
                                ? new Carrier(
                                        new MapOf(carrier.type(), Primitive.INT),
                                        SparkValues.map(carrier.wrapped(), 1),
                                        carrier.refusal())
                                : carrier));
    }
}
