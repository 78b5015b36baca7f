package io.datapunk.lake.sql;

import java.io.IOException;
import java.io.Writer;
import java.util.List;

final class CsvOutput implements SqlSink {
    private final Writer out;

    CsvOutput(Writer out) {
        this.out = out;
    }

    @Override
    public void columns(List<SqlColumn> columns) throws IOException {
        line(columns.stream().map(SqlColumn::name).toList());
    }

    @Override
    public void row(List<Object> values) throws IOException {
        line(values.stream().map(SqlValue::toText).toList());
    }

    @Override
    public void end() throws IOException {
        out.flush();
    }

    private void line(List<String> fields) throws IOException {
        String separator = "";
        for (String field : fields) {
            out.write(separator);
            out.write(quoted(field, fields.size()));
            separator = ",";
        }
        out.write("\r\n");
    }

    private static String quoted(String field, int fields) {
        // An empty field alone would be an empty line, which readers skip.
        boolean needed = field.isEmpty()
                ? fields == 1
                : field.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return needed ? '"' + field.replace("\"", "\"\"") + '"' : field;
    }
}
