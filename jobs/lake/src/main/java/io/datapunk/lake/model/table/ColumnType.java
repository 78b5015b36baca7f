package io.datapunk.lake.model.table;

import java.io.Serializable;
import java.util.List;
import java.util.stream.Collectors;

/** What a column holds. Its text is Spark SQL's name of the type. */
public sealed interface ColumnType extends Serializable {
    /** A type without parts. */
    enum Primitive implements ColumnType {
        /** Also {@code char} and {@code varchar}: Delta stores them as strings, padded and checked by the writer. */
        STRING("string"),
        /** A text in Delta, a {@code uuid} in PostgreSQL. */
        UUID("string"),
        /** A JSON document: a text in Delta, {@code jsonb} in PostgreSQL. */
        JSON("string"),
        BINARY("binary"),
        BOOLEAN("boolean"),
        /** 8 bits. */
        BYTE("tinyint"),
        /** 16 bits. */
        SHORT("smallint"),
        INT("int"),
        /** 64 bits. */
        LONG("bigint"),
        FLOAT("float"),
        DOUBLE("double"),
        /** An instant with microseconds. */
        TIMESTAMP("timestamp"),
        /** A date and a time with microseconds, of no time zone. */
        TIMESTAMP_NTZ("timestamp_ntz"),
        DATE("date");

        private final String sparkName;

        Primitive(String sparkName) {
            this.sparkName = sparkName;
        }

        @Override
        public String toString() {
            return sparkName;
        }
    }

    /** Exact decimals of up to 38 digits, {@code scale} of them behind the point. */
    record DecimalOf(int precision, int scale) implements ColumnType {
        @Override
        public String toString() {
            return "decimal(" + precision + "," + scale + ")";
        }
    }

    /** A list; the elements of the lake's own tables are never null. */
    record ArrayOf(ColumnType element) implements ColumnType {
        @Override
        public String toString() {
            return "array<" + element + ">";
        }
    }

    /** Values by key; a key stands once and is never null. */
    record MapOf(ColumnType key, ColumnType value) implements ColumnType {
        @Override
        public String toString() {
            return "map<" + key + "," + value + ">";
        }
    }

    /** A group of named, nullable fields. */
    record StructOf(List<Field> fields) implements ColumnType {
        public StructOf {
            fields = List.copyOf(fields);
        }

        @Override
        public String toString() {
            return fields.stream()
                    .map(field -> field.name() + ":" + field.type())
                    .collect(Collectors.joining(",", "struct<", ">"));
        }
    }

    /** A field of a {@link StructOf}. */
    record Field(String name, ColumnType type) implements Serializable {}

    /** A type that a table can have in Delta only: intervals, variants, collated strings, and whatever comes later. */
    record OnlyInDelta(String name) implements ColumnType {
        @Override
        public String toString() {
            return name;
        }
    }
}
