package io.datapunk.lake.postgres;

import io.datapunk.lake.model.table.Column;
import io.datapunk.lake.model.table.ColumnType;
import io.datapunk.lake.model.table.ColumnType.ArrayOf;
import io.datapunk.lake.model.table.ColumnType.DecimalOf;
import io.datapunk.lake.model.table.ColumnType.MapOf;
import io.datapunk.lake.model.table.ColumnType.Primitive;
import io.datapunk.lake.model.table.ColumnType.StructOf;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;

/**
 * How values of one type lie in PostgreSQL: its name there, Spark's value to binary COPY, and back. What PostgreSQL cannot hold exactly is refused, never bent.
 */
interface ColumnCodec extends Serializable {
    /** The type's name in SQL, as PostgreSQL's {@code format_type()} prints it. */
    String sqlType();

    /** The type's number in binary arrays. */
    int oid();

    /** Writes a value that is not null, without its length. */
    void encode(SpecializedGetters values, int ordinal, CopyBuffer target) throws UnstorableValueException;

    /** Spark's value of one that is not null; the buffer holds it and nothing else. */
    Object decode(ByteBuffer value);

    /** The codec of a column's type. */
    static ColumnCodec of(ColumnType type) {
        if (type instanceof Primitive primitive) {
            return PrimitiveCodec.of(primitive);
        }
        if (type instanceof DecimalOf decimal) {
            return new DecimalCodec(decimal.precision(), decimal.scale());
        }
        if (type instanceof ArrayOf array && isScalar(array.element())) {
            return new ArrayCodec(of(array.element()));
        }
        if (type instanceof ArrayOf || type instanceof MapOf || type instanceof StructOf) {
            return new JsonCodec(type);
        }
        throw new IllegalArgumentException("no codec for " + type);
    }

    /** The codecs of columns, in their order. */
    static List<ColumnCodec> of(List<Column> columns) {
        return columns.stream().map(column -> of(column.type())).toList();
    }

    private static boolean isScalar(ColumnType type) {
        return type instanceof Primitive || type instanceof DecimalOf;
    }
}
