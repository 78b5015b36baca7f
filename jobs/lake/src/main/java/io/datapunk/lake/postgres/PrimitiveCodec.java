package io.datapunk.lake.postgres;

import io.datapunk.lake.model.table.ColumnType.Primitive;
import java.nio.ByteBuffer;
import java.time.LocalDate;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.unsafe.types.UTF8String;

/** The types without parts. PostgreSQL counts times from 2000-01-01, Spark from 1970-01-01. */
enum PrimitiveCodec implements ColumnCodec {
    TEXT("text", 25) {
        @Override
        public void encode(SpecializedGetters values, int ordinal, CopyBuffer target) throws UnstorableValueException {
            target.put(storable(values.getUTF8String(ordinal)));
        }

        @Override
        public Object decode(ByteBuffer value) {
            return UTF8String.fromBytes(bytes(value));
        }
    },
    UUID("uuid", 2950) {
        @Override
        public void encode(SpecializedGetters values, int ordinal, CopyBuffer target) throws UnstorableValueException {
            String text = values.getUTF8String(ordinal).toString();
            java.util.UUID value = parsed(text);
            // PostgreSQL would give another spelling back.
            if (!value.toString().equals(text)) {
                throw new UnstorableValueException("has a UUID that is not in lower case");
            }
            target.putLong(value.getMostSignificantBits());
            target.putLong(value.getLeastSignificantBits());
        }

        private java.util.UUID parsed(String text) throws UnstorableValueException {
            try {
                return java.util.UUID.fromString(text);
            } catch (IllegalArgumentException e) {
                throw new UnstorableValueException("has a text that is no UUID");
            }
        }

        @Override
        public Object decode(ByteBuffer value) {
            return UTF8String.fromString(new java.util.UUID(value.getLong(), value.getLong()).toString());
        }
    },
    JSONB("jsonb", 3802) {
        private static final int VERSION = 1;

        @Override
        public void encode(SpecializedGetters values, int ordinal, CopyBuffer target) throws UnstorableValueException {
            target.putByte(VERSION);
            target.put(storable(values.getUTF8String(ordinal)));
        }

        @Override
        public Object decode(ByteBuffer value) {
            value.get(); // version
            return UTF8String.fromBytes(bytes(value));
        }
    },
    BYTEA("bytea", 17) {
        @Override
        public void encode(SpecializedGetters values, int ordinal, CopyBuffer target) throws UnstorableValueException {
            byte[] value = values.getBinary(ordinal);
            requireSize(value.length);
            target.put(value);
        }

        @Override
        public Object decode(ByteBuffer value) {
            return bytes(value);
        }
    },
    BOOLEAN("boolean", 16) {
        @Override
        public void encode(SpecializedGetters values, int ordinal, CopyBuffer target) {
            target.putByte(values.getBoolean(ordinal) ? 1 : 0);
        }

        @Override
        public Object decode(ByteBuffer value) {
            return value.get() != 0;
        }
    },
    SMALLINT("smallint", 21) {
        @Override
        public void encode(SpecializedGetters values, int ordinal, CopyBuffer target) {
            target.putShort(values.getShort(ordinal));
        }

        @Override
        public Object decode(ByteBuffer value) {
            return value.getShort();
        }
    },
    /** PostgreSQL has no 8-bit integers. */
    TINYINT("smallint", 21) {
        @Override
        public void encode(SpecializedGetters values, int ordinal, CopyBuffer target) {
            target.putShort(values.getByte(ordinal));
        }

        @Override
        public Object decode(ByteBuffer value) {
            return (byte) value.getShort();
        }
    },
    INTEGER("integer", 23) {
        @Override
        public void encode(SpecializedGetters values, int ordinal, CopyBuffer target) {
            target.putInt(values.getInt(ordinal));
        }

        @Override
        public Object decode(ByteBuffer value) {
            return value.getInt();
        }
    },
    BIGINT("bigint", 20) {
        @Override
        public void encode(SpecializedGetters values, int ordinal, CopyBuffer target) {
            target.putLong(values.getLong(ordinal));
        }

        @Override
        public Object decode(ByteBuffer value) {
            return value.getLong();
        }
    },
    REAL("real", 700) {
        @Override
        public void encode(SpecializedGetters values, int ordinal, CopyBuffer target) {
            target.putInt(Float.floatToIntBits(values.getFloat(ordinal)));
        }

        @Override
        public Object decode(ByteBuffer value) {
            return value.getFloat();
        }
    },
    DOUBLE("double precision", 701) {
        @Override
        public void encode(SpecializedGetters values, int ordinal, CopyBuffer target) {
            target.putLong(Double.doubleToLongBits(values.getDouble(ordinal)));
        }

        @Override
        public Object decode(ByteBuffer value) {
            return value.getDouble();
        }
    },
    TIMESTAMPTZ("timestamp with time zone", 1184) {
        @Override
        public void encode(SpecializedGetters values, int ordinal, CopyBuffer target) throws UnstorableValueException {
            putMicros(values.getLong(ordinal), target);
        }

        @Override
        public Object decode(ByteBuffer value) {
            return micros(value.getLong());
        }
    },
    TIMESTAMP("timestamp without time zone", 1114) {
        @Override
        public void encode(SpecializedGetters values, int ordinal, CopyBuffer target) throws UnstorableValueException {
            putMicros(values.getLong(ordinal), target);
        }

        @Override
        public Object decode(ByteBuffer value) {
            return micros(value.getLong());
        }
    },
    DATE("date", 1082) {
        @Override
        public void encode(SpecializedGetters values, int ordinal, CopyBuffer target) throws UnstorableValueException {
            int days = values.getInt(ordinal);
            if (days < FIRST_DAY || days > LAST_DAY) {
                throw new UnstorableValueException(
                        "has a date outside of what PostgreSQL holds, 4713 BC to 5874897 AD");
            }
            target.putInt(days - EPOCH_DAYS);
        }

        @Override
        public Object decode(ByteBuffer value) {
            return value.getInt() + EPOCH_DAYS;
        }
    };

    private static final int EPOCH_DAYS = (int) LocalDate.of(2000, 1, 1).toEpochDay();
    private static final long EPOCH_MICROS = EPOCH_DAYS * 86_400_000_000L;
    // 24 November 4714 BC in the proleptic Gregorian calendar is the first day that PostgreSQL counts.
    private static final LocalDate FIRST_DATE = LocalDate.of(-4713, 11, 24);
    private static final int FIRST_DAY = (int) FIRST_DATE.toEpochDay();
    private static final int LAST_DAY = (int) LocalDate.of(5_874_897, 12, 31).toEpochDay();
    private static final long FIRST_INSTANT = FIRST_DAY * 86_400_000_000L;
    // PostgreSQL's limit of a field is 1 GB.
    private static final int LARGEST_VALUE = (1 << 30) - (1 << 10);

    private final String sqlType;
    private final int oid;

    PrimitiveCodec(String sqlType, int oid) {
        this.sqlType = sqlType;
        this.oid = oid;
    }

    static PrimitiveCodec of(Primitive type) {
        return switch (type) {
            case STRING -> TEXT;
            case UUID -> UUID;
            case JSON -> JSONB;
            case BINARY -> BYTEA;
            case BOOLEAN -> BOOLEAN;
            case BYTE -> TINYINT;
            case SHORT -> SMALLINT;
            case INT -> INTEGER;
            case LONG -> BIGINT;
            case FLOAT -> REAL;
            case DOUBLE -> DOUBLE;
            case TIMESTAMP -> TIMESTAMPTZ;
            case TIMESTAMP_NTZ -> TIMESTAMP;
            case DATE -> DATE;
        };
    }

    @Override
    public String sqlType() {
        return sqlType;
    }

    @Override
    public int oid() {
        return oid;
    }

    /** The text's bytes, refused where PostgreSQL would refuse them or where they would have to be changed. */
    static byte[] storable(UTF8String text) throws UnstorableValueException {
        byte[] bytes = text.getBytes();
        requireSize(bytes.length);
        for (byte b : bytes) {
            if (b == 0) {
                throw new UnstorableValueException("has a text with the character NUL, which PostgreSQL cannot hold");
            }
        }
        if (!text.isValid()) {
            throw new UnstorableValueException("has a text that is not valid UTF-8");
        }
        return bytes;
    }

    private static void putMicros(long micros, CopyBuffer target) throws UnstorableValueException {
        // Upwards Spark ends first.
        if (micros < FIRST_INSTANT) {
            throw new UnstorableValueException("has a time before 4713 BC, where PostgreSQL's time begins");
        }
        target.putLong(micros - EPOCH_MICROS);
    }

    private static long micros(long sinceMillennium) {
        if (sinceMillennium == Long.MAX_VALUE || sinceMillennium == Long.MIN_VALUE) {
            throw new IllegalStateException("a time that is infinite");
        }
        return sinceMillennium + EPOCH_MICROS;
    }

    static void requireSize(int bytes) throws UnstorableValueException {
        if (bytes > LARGEST_VALUE) {
            throw new UnstorableValueException("has a value of " + bytes + " bytes, above PostgreSQL's 1 GB");
        }
    }

    static byte[] bytes(ByteBuffer value) {
        byte[] bytes = new byte[value.remaining()];
        value.get(bytes);
        return bytes;
    }
}
