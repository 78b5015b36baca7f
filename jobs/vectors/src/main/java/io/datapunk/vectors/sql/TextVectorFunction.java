package io.datapunk.vectors.sql;

import io.datapunk.vectors.embed.OnnxModel;
import io.datapunk.vectors.embed.RowText;
import io.datapunk.vectors.embed.TextEncoder;
import io.datapunk.vectors.embed.TextVectors;
import java.io.Serializable;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.util.TaskCompletionListener;
import scala.runtime.AbstractFunction1;

/** The vector of a text; null of what has none. A task opens the model once. */
final class TextVectorFunction extends AbstractFunction1<String, float[]> implements Serializable {
    private static final long serialVersionUID = 1;

    private final OnnxModel model;
    private transient TextEncoder encoder;

    TextVectorFunction(OnnxModel model) {
        this.model = model;
    }

    @Override
    public float[] apply(String text) {
        RowText asked = text == null ? RowText.asked("", 1) : RowText.asked(text, 1);
        if (asked.isEmpty()) {
            return null;
        }
        TaskContext task = TaskContext.get();
        if (task == null) {
            // Of a constant, while the query is planned.
            try (TextEncoder once = model.open(1)) {
                return vector(once, asked);
            }
        }
        if (encoder == null) {
            encoder = model.open(task.cpus());
            task.addTaskCompletionListener((TaskCompletionListener) ended -> close());
        }
        return vector(encoder, asked);
    }

    private static float[] vector(TextEncoder encoder, RowText text) {
        return TextVectors.of(encoder, List.of(text)).get(0);
    }

    private void close() {
        encoder.close();
        encoder = null;
    }
}
