package io.datapunk.lake.sql;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.Writer;
import java.util.List;

final class JsonOutput implements SqlSink {
    private final Writer out;
    private JsonGenerator json;

    JsonOutput(Writer out) {
        this.out = out;
    }

    @Override
    public void columns(List<SqlColumn> columns) throws IOException {
        json = JsonText.generator(out);
        json.writeStartObject();
        json.writeArrayFieldStart("columns");
        for (SqlColumn column : columns) {
            json.writeStartObject();
            json.writeStringField("name", column.name());
            json.writeStringField("type", column.type());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayFieldStart("rows");
    }

    @Override
    public void row(List<Object> values) throws IOException {
        JsonText.write(SqlValue.listToJson(values), json);
    }

    @Override
    public void end() throws IOException {
        json.writeEndArray();
        json.writeEndObject();
        json.close();
        out.write('\n');
        out.flush();
    }
}
