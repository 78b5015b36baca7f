package io.datapunk.ingest.job;

import io.datapunk.lake.model.table.Column;
import io.datapunk.lake.model.table.ColumnType;
import io.datapunk.lake.model.table.ColumnType.ArrayOf;
import io.datapunk.lake.model.table.ColumnType.Field;
import io.datapunk.lake.model.table.ColumnType.Primitive;
import io.datapunk.lake.model.table.ColumnType.StructOf;
import io.datapunk.lake.model.table.EventColumns;
import io.datapunk.lake.model.table.ProvenanceColumns;
import io.datapunk.lake.model.table.TableDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Type.Repetition;
import org.apache.parquet.schema.Types;

/**
 * How rows of a table wait in staging: its columns without those that are equal for the whole import, and before them
 * the row's number, its file's, and what its occurrences are counted by.
 */
final class StagedTable {
    /** Number of the row, unique in the import. */
    static final String ROW = "_row";

    /** Number of the file that the row came from, see {@link ImportFile#number()}. */
    static final String FILE = "_file";

    /**
     * Key that the row would have if it were the first of its kind in its entry; null where that does not matter or is
     * known already. See {@link OccurrenceNumbers}.
     */
    static final String FIRST_OCCURRENCE = "_first_occurrence";

    private static final int BITS_IN_UNIT = 32;

    private static final Set<String> SAME_FOR_THE_IMPORT = Set.of(
            ProvenanceColumns.USER_ID, ProvenanceColumns.IMPORT_ID, ProvenanceColumns.INGESTED_AT, EventColumns.DAY);

    private final TableDefinition definition;
    private final List<Column> columns;
    private final MessageType parquet;

    StagedTable(TableDefinition definition) {
        this.definition = definition;
        this.columns = definition.columns().stream()
                .filter(column -> !SAME_FOR_THE_IMPORT.contains(column.name()))
                .toList();
        List<Type> fields = new ArrayList<>();
        fields.add(Types.required(PrimitiveTypeName.INT64).named(ROW));
        fields.add(Types.required(PrimitiveTypeName.INT32).named(FILE));
        fields.add(Types.optional(PrimitiveTypeName.BINARY)
                .as(LogicalTypeAnnotation.stringType())
                .named(FIRST_OCCURRENCE));
        columns.forEach(column -> fields.add(
                type(column.type(), column.nullable() ? Repetition.OPTIONAL : Repetition.REQUIRED, column.name())));
        this.parquet = new MessageType(definition.name().toString(), fields);
    }

    TableDefinition definition() {
        return definition;
    }

    /** Number of a unit's first row. */
    static long firstRow(int unit) {
        return (long) unit << BITS_IN_UNIT;
    }

    /** The unit that a row came from. */
    static org.apache.spark.sql.Column unitOf(org.apache.spark.sql.Column row) {
        return org.apache.spark.sql.functions.shiftright(row, BITS_IN_UNIT);
    }

    /** The table's columns that are staged, in the order in which a row's values stand. */
    List<Column> columns() {
        return columns;
    }

    MessageType parquet() {
        return parquet;
    }

    /** Name of the folder in staging. */
    String folder() {
        return definition.name().toString();
    }

    private static Type type(ColumnType type, Repetition repetition, String name) {
        if (type instanceof Primitive primitive) {
            return primitive(primitive, repetition, name);
        }
        if (type instanceof ArrayOf array) {
            return Types.list(repetition)
                    .element(type(array.element(), Repetition.REQUIRED, "element"))
                    .named(name);
        }
        if (!(type instanceof StructOf struct)) {
            throw new IllegalArgumentException("no ingested table has a column of type " + type);
        }
        List<Type> fields = new ArrayList<>();
        for (Field field : struct.fields()) {
            fields.add(type(field.type(), Repetition.OPTIONAL, field.name()));
        }
        return new GroupType(repetition, name, fields);
    }

    private static Type primitive(Primitive primitive, Repetition repetition, String name) {
        return switch (primitive) {
            case STRING, UUID, JSON ->
                Types.primitive(PrimitiveTypeName.BINARY, repetition)
                        .as(LogicalTypeAnnotation.stringType())
                        .named(name);
            case BINARY -> Types.primitive(PrimitiveTypeName.BINARY, repetition).named(name);
            case BOOLEAN ->
                Types.primitive(PrimitiveTypeName.BOOLEAN, repetition).named(name);
            case BYTE, SHORT ->
                Types.primitive(PrimitiveTypeName.INT32, repetition)
                        .as(LogicalTypeAnnotation.intType(primitive == Primitive.BYTE ? 8 : 16, true))
                        .named(name);
            case INT -> Types.primitive(PrimitiveTypeName.INT32, repetition).named(name);
            case LONG -> Types.primitive(PrimitiveTypeName.INT64, repetition).named(name);
            case FLOAT -> Types.primitive(PrimitiveTypeName.FLOAT, repetition).named(name);
            case DOUBLE -> Types.primitive(PrimitiveTypeName.DOUBLE, repetition).named(name);
            case TIMESTAMP, TIMESTAMP_NTZ ->
                Types.primitive(PrimitiveTypeName.INT64, repetition)
                        .as(LogicalTypeAnnotation.timestampType(primitive == Primitive.TIMESTAMP, TimeUnit.MICROS))
                        .named(name);
            case DATE ->
                Types.primitive(PrimitiveTypeName.INT32, repetition)
                        .as(LogicalTypeAnnotation.dateType())
                        .named(name);
        };
    }
}
