package io.datapunk.lake.model.table;

import java.io.Serializable;
import java.util.List;
import java.util.stream.Collectors;

/** What a column holds. Its text is Spark SQL's name of the type. */
public sealed interface ColumnType extends Serializable {
    /** A type without parts. */
    enum Primitive implements ColumnType {
        STRING,
        BINARY,
        BOOLEAN,
        INT,
        /** 64 bits, {@code bigint}. */
        LONG,
        DOUBLE,
        /** An instant with microseconds. */
        TIMESTAMP,
        DATE;

        @Override
        public String toString() {
            return this == LONG ? "bigint" : name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** A list; its elements are never null. */
    record ArrayOf(ColumnType element) implements ColumnType {
        @Override
        public String toString() {
            return "array<" + element + ">";
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
}
