package io.datapunk.lake.postgres;

import java.nio.ByteBuffer;
import org.apache.arrow.memory.util.Float16;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.GenericArrayData;

/**
 * A list of numbers as pgvector's {@code vector}, or as its {@code halfvec}, which takes only numbers that half precision
 * holds.
 *
 * @param sqlType with the dimensions
 */
record VectorCodec(String sqlType, int dimensions, boolean half) implements ColumnCodec {
    @Override
    public int oid() {
        throw new IllegalStateException("an extension's types have no fixed numbers");
    }

    @Override
    public void encode(SpecializedGetters values, int ordinal, CopyBuffer target) throws UnstorableValueException {
        ArrayData vector = values.getArray(ordinal);
        if (vector.numElements() != dimensions) {
            throw new UnstorableValueException(
                    "has a vector of " + vector.numElements() + " dimensions, not " + dimensions);
        }
        target.putShort(dimensions);
        target.putShort(0); // unused
        for (int i = 0; i < dimensions; i++) {
            if (vector.isNullAt(i) || !Float.isFinite(vector.getFloat(i))) {
                throw new UnstorableValueException("has a vector with a null, an infinity or NaN");
            }
            if (half) {
                target.putShort(half(vector.getFloat(i)));
            } else {
                target.putInt(Float.floatToIntBits(vector.getFloat(i)));
            }
        }
    }

    private static short half(float value) throws UnstorableValueException {
        short half = Float16.toFloat16(value);
        if (Float16.toFloat(half) != value) {
            throw new UnstorableValueException("has a vector with a number that half precision does not hold");
        }
        return half;
    }

    /** The nearest vector of half precision. Numbers above 65,504 become infinite. */
    static float[] rounded(float[] vector) {
        float[] rounded = new float[vector.length];
        for (int i = 0; i < rounded.length; i++) {
            rounded[i] = Float16.toFloat(Float16.toFloat16(vector[i]));
        }
        return rounded;
    }

    @Override
    public Object decode(ByteBuffer value) {
        float[] vector = new float[value.getShort()];
        value.getShort(); // unused
        for (int i = 0; i < vector.length; i++) {
            vector[i] = half ? Float16.toFloat(value.getShort()) : value.getFloat();
        }
        return new GenericArrayData(vector);
    }
}
