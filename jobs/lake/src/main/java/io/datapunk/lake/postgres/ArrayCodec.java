package io.datapunk.lake.postgres;

import java.nio.ByteBuffer;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.GenericArrayData;

/** A list of values without parts, as a PostgreSQL array of one dimension. */
record ArrayCodec(ColumnCodec element) implements ColumnCodec {
    @Override
    public String sqlType() {
        return element.sqlType() + "[]";
    }

    @Override
    public int oid() {
        throw new IllegalStateException("PostgreSQL has no arrays of arrays");
    }

    @Override
    public void encode(SpecializedGetters values, int ordinal, CopyBuffer target) throws UnstorableValueException {
        ArrayData array = values.getArray(ordinal);
        int size = array.numElements();
        target.putInt(size == 0 ? 0 : 1); // dimensions
        target.putInt(hasNull(array, size) ? 1 : 0);
        target.putInt(element.oid());
        if (size == 0) {
            return;
        }
        target.putInt(size);
        target.putInt(1); // number of the first element
        for (int i = 0; i < size; i++) {
            if (array.isNullAt(i)) {
                target.putNull();
            } else {
                int start = target.beginValue();
                element.encode(array, i, target);
                target.endValue(start);
            }
        }
    }

    @Override
    public Object decode(ByteBuffer value) {
        int dimensions = value.getInt();
        value.getInt(); // whether there are nulls
        value.getInt(); // the elements' type
        if (dimensions == 0) {
            return new GenericArrayData(new Object[0]);
        }
        Object[] elements = new Object[value.getInt()];
        value.getInt(); // number of the first element
        for (int i = 0; i < elements.length; i++) {
            int length = value.getInt();
            if (length >= 0) {
                elements[i] = element.decode(value.slice(value.position(), length));
                value.position(value.position() + length);
            }
        }
        return new GenericArrayData(elements);
    }

    private static boolean hasNull(ArrayData array, int size) {
        for (int i = 0; i < size; i++) {
            if (array.isNullAt(i)) {
                return true;
            }
        }
        return false;
    }
}
