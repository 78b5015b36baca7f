package io.datapunk.vectors.embed;

import io.datapunk.lake.model.Sha256;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;

/**
 * A model of which it is known what it does: texts that share words are near.
 *
 * @param given hears each text that is encoded
 */
record WordsModel(String release, Listener given) implements TextModel {
    /** Goes to tasks with the model. */
    interface Listener extends Consumer<String>, Serializable {}

    private static final int DIMENSIONS = 16;

    @Override
    public String name() {
        return "words";
    }

    @Override
    public String version() {
        return Sha256.hex(release.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public TextEncoder open(int threads) {
        return new TextEncoder() {
            @Override
            public int dimensions() {
                return DIMENSIONS;
            }

            @Override
            public String version() {
                return WordsModel.this.version();
            }

            @Override
            public float[][] encode(List<String> texts) {
                texts.forEach(given);
                return texts.stream().map(WordsModel::vector).toArray(float[][]::new);
            }

            @Override
            public void close() {}
        };
    }

    static float[] vector(String text) {
        float[] vector = new float[DIMENSIONS];
        vector[0] = 1;
        for (String word : text.split(" ")) {
            vector[Math.floorMod(word.hashCode(), DIMENSIONS)] += 1;
        }
        return UnitVectors.normalised(vector);
    }
}
