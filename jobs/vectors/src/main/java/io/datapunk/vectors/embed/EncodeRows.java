package io.datapunk.vectors.embed;

import com.google.common.collect.Iterators;
import io.datapunk.lake.model.table.VectorsTable;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.TaskCompletionListener;

/**
 * Gives vectors to rows of {@link SourceRows} that have none. Rows of equal content have to stand together: one of them is
 * encoded.
 */
final class EncodeRows implements MapPartitionsFunction<Row, Row> {
    private static final long serialVersionUID = 1;

    /** Whether the row's text was encoded, and its vector not taken from another row. */
    static final String ENCODED = "encoded";

    /** So many texts are sorted by length, and in memory. */
    private static final int CHUNK = 1024;

    private final TextModel model;
    private final int content;
    private final int text;
    private final int vector;

    /** @param rows their columns, to which {@link #ENCODED} is added */
    EncodeRows(TextModel model, StructType rows) {
        this.model = model;
        this.content = rows.fieldIndex(VectorsTable.CONTENT_SHA256);
        this.text = rows.fieldIndex(VectorsTable.TEXT);
        this.vector = rows.fieldIndex(VectorsTable.VECTOR);
    }

    static StructType schema(StructType rows) {
        return rows.add(ENCODED, DataTypes.BooleanType);
    }

    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
        Part part = new Part();
        return Iterators.concat(Iterators.transform(
                Iterators.partition(rows, CHUNK), chunk -> part.encode(chunk).iterator()));
    }

    /** What a task keeps from one chunk to the next. */
    private final class Part {
        private TextEncoder encoder;
        private Map<String, float[]> lastContent = Map.of();

        List<Row> encode(List<Row> chunk) {
            Map<String, float[]> vectors = new HashMap<>(lastContent);
            Map<String, RowText> fresh = new LinkedHashMap<>();
            for (Row row : chunk) {
                if (row.isNullAt(vector) && !vectors.containsKey(row.getString(content))) {
                    fresh.putIfAbsent(row.getString(content), RowText.parse(row.getString(text)));
                }
            }
            if (!fresh.isEmpty()) {
                Iterator<float[]> encoded =
                        TextVectors.of(encoder(), List.copyOf(fresh.values())).iterator();
                fresh.keySet().forEach(key -> vectors.put(key, encoded.next()));
            }
            String last = chunk.get(chunk.size() - 1).getString(content);
            lastContent = vectors.containsKey(last) ? Map.of(last, vectors.get(last)) : Map.of();
            return chunk.stream()
                    .map(row -> row.isNullAt(vector)
                            ? with(
                                    row,
                                    vectors.get(row.getString(content)),
                                    fresh.remove(row.getString(content)) != null)
                            : with(row, row.get(vector), false))
                    .toList();
        }

        private Row with(Row row, Object itsVector, boolean encoded) {
            Object[] values = new Object[row.size() + 1];
            for (int i = 0; i < row.size(); i++) {
                values[i] = row.get(i);
            }
            values[vector] = itsVector;
            values[row.size()] = encoded;
            return RowFactory.create(values);
        }

        private TextEncoder encoder() {
            if (encoder == null) {
                TaskContext task = TaskContext.get();
                encoder = model.open(task.cpus());
                task.addTaskCompletionListener((TaskCompletionListener) ended -> encoder.close());
            }
            return encoder;
        }
    }
}
