package io.datapunk.lake.sql;

/**
 * A column of an answer.
 *
 * @param type Spark's name for it, such as {@code bigint} or {@code array<string>}
 */
public record SqlColumn(String name, String type) {
    boolean isNumber() {
        return switch (type) {
            case "tinyint", "smallint", "int", "bigint", "float", "double" -> true;
            default -> type.startsWith("decimal");
        };
    }
}
