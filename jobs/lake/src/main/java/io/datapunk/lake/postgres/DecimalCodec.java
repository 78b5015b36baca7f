package io.datapunk.lake.postgres;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.types.Decimal;

/**
 * Decimals as {@code numeric(precision, scale)}. On the wire they are digits of base 10,000: their number, the weight of
 * the first, the sign, the decimal places, and the digits without zeros at either end.
 */
record DecimalCodec(int precision, int scale) implements ColumnCodec {
    private static final int BASE_DIGITS = 4;
    private static final BigInteger BASE = BigInteger.valueOf(10_000);
    private static final int POSITIVE = 0;
    private static final int NEGATIVE = 0x4000;

    @Override
    public String sqlType() {
        return "numeric(" + precision + "," + scale + ")";
    }

    @Override
    public int oid() {
        return 1700;
    }

    @Override
    public void encode(SpecializedGetters values, int ordinal, CopyBuffer target) {
        BigDecimal value =
                values.getDecimal(ordinal, precision, scale).toJavaBigDecimal().setScale(scale);
        int places = (scale + BASE_DIGITS - 1) / BASE_DIGITS;
        String decimals = value.unscaledValue().abs().toString() + "0".repeat(places * BASE_DIGITS - scale);
        String padded = "0".repeat(Math.floorMod(-decimals.length(), BASE_DIGITS)) + decimals;
        int count = padded.length() / BASE_DIGITS;
        int first = 0;
        while (first < count && digit(padded, first) == 0) {
            first++;
        }
        int end = count;
        while (end > first && digit(padded, end - 1) == 0) {
            end--;
        }
        target.putShort(end - first);
        target.putShort(end == first ? 0 : count - places - 1 - first);
        target.putShort(value.signum() < 0 ? NEGATIVE : POSITIVE);
        target.putShort(scale);
        for (int i = first; i < end; i++) {
            target.putShort(digit(padded, i));
        }
    }

    private static int digit(String padded, int index) {
        return Integer.parseInt(padded, index * BASE_DIGITS, (index + 1) * BASE_DIGITS, 10);
    }

    @Override
    public Object decode(ByteBuffer value) {
        int count = value.getShort();
        int weight = value.getShort();
        int sign = value.getShort() & 0xffff;
        value.getShort(); // decimal places that are shown; the column's scale
        if (sign != POSITIVE && sign != NEGATIVE) {
            throw new IllegalStateException("a decimal that is no number");
        }
        BigInteger digits = BigInteger.ZERO;
        for (int i = 0; i < count; i++) {
            digits = digits.multiply(BASE).add(BigInteger.valueOf(value.getShort()));
        }
        BigDecimal found =
                new BigDecimal(sign == NEGATIVE ? digits.negate() : digits, (count - 1 - weight) * BASE_DIGITS);
        return Decimal.apply(found.setScale(scale), precision, scale);
    }
}
