package io.datapunk.vectors.embed;

import io.datapunk.lake.model.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * What a row's vector is.
 *
 * @param text that it is made of; empty where the row has a vector
 * @param vector that the row has; empty where it is made of a text
 * @param sha256 of either and of what makes it: the same hash is the same vector
 */
record RowContent(Optional<String> text, Optional<float[]> vector, String sha256) {
    /** Empty where there is no text. */
    static Optional<RowContent> ofText(String model, String modelVersion, RowText text) {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        // Neither a model's name nor its version has a line break.
        String content = model + "\n" + modelVersion + "\n" + text.text();
        return Optional.of(new RowContent(
                Optional.of(text.text()), Optional.empty(), Sha256.hex(content.getBytes(StandardCharsets.UTF_8))));
    }

    /**
     * Empty where the vector is of another length, is not all numbers, or has no direction and needs one.
     *
     * @param values null where there is no number
     * @param normalise whether it is brought to length 1
     */
    static Optional<RowContent> ofVector(List<Float> values, int dimensions, boolean normalise) {
        if (values.size() != dimensions) {
            return Optional.empty();
        }
        float[] given = new float[dimensions];
        double squares = 0;
        for (int i = 0; i < dimensions; i++) {
            Float value = values.get(i);
            if (value == null || !Float.isFinite(value)) {
                return Optional.empty();
            }
            given[i] = value;
            squares += (double) value * value;
        }
        if (normalise && squares == 0) {
            return Optional.empty();
        }
        float[] vector = normalise ? UnitVectors.normalised(given) : given;
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * dimensions);
        bytes.asFloatBuffer().put(vector);
        return Optional.of(new RowContent(Optional.empty(), Optional.of(vector), Sha256.hex(bytes.array())));
    }
}
