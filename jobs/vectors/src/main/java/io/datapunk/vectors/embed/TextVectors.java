package io.datapunk.vectors.embed;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/**
 * Vectors of rows whose texts have several parts: the parts' vectors one behind the other, the whole of length 1. A part
 * without text is zeros, which are like nothing: two rows are as near as the parts are that both have, and less near where
 * one of them has a part that the other lacks.
 */
public final class TextVectors {
    private TextVectors() {}

    /** @return a vector for each row, as long as its parts together; zeros where all of them are empty */
    public static List<float[]> of(TextEncoder encoder, List<RowText> rows) {
        Iterator<float[]> encoded = Arrays.asList(encoder.encode(rows.stream()
                        .flatMap(row -> row.parts().stream())
                        .filter(part -> !part.isEmpty())
                        .toList()))
                .iterator();
        return rows.stream()
                .map(row -> joined(row.parts(), encoded, encoder.dimensions()))
                .toList();
    }

    private static float[] joined(List<String> parts, Iterator<float[]> encoded, int dimensions) {
        float length =
                (float) Math.sqrt(parts.stream().filter(part -> !part.isEmpty()).count());
        float[] vector = new float[parts.size() * dimensions];
        for (int part = 0; part < parts.size(); part++) {
            if (!parts.get(part).isEmpty()) {
                float[] one = encoded.next();
                for (int i = 0; i < dimensions; i++) {
                    vector[part * dimensions + i] = one[i] / length;
                }
            }
        }
        return vector;
    }
}
