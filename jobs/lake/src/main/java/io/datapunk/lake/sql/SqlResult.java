package io.datapunk.lake.sql;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A whole answer in memory; for answers that may be large write a {@link SqlSink}. */
public record SqlResult(List<SqlColumn> columns, List<List<Object>> rows) {
    /** Collects an answer. */
    public static final class Collector implements SqlSink {
        private final List<List<Object>> rows = new ArrayList<>();
        private List<SqlColumn> columns = List.of();

        @Override
        public void columns(List<SqlColumn> all) {
            columns = all;
        }

        @Override
        public void row(List<Object> values) {
            rows.add(values);
        }

        @Override
        public void end() {
            // Nothing is held back.
        }

        public SqlResult result() {
            return new SqlResult(columns, rows);
        }
    }

    /** The answer in JSON's own types: {@code columns} with name and type, {@code rows} as arrays in their order. */
    public Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("columns", columns.stream().map(SqlResult::toJson).toList());
        json.put("rows", rows.stream().map(SqlValue::listToJson).toList());
        return json;
    }

    private static Map<String, String> toJson(SqlColumn column) {
        Map<String, String> json = new LinkedHashMap<>();
        json.put("name", column.name());
        json.put("type", column.type());
        return json;
    }
}
