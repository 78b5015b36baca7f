package io.datapunk.vectors.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.model.LakeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The model that comes with the lake. */
class OnnxTextEncoderTest extends TextEncoderContract {
    private static TextEncoder encoder;

    @TempDir
    private Path folder;

    @BeforeAll
    static void open() {
        encoder = model(ModelFiles.BUNDLED).open(1);
    }

    @AfterAll
    static void close() {
        encoder.close();
    }

    private static OnnxModel model(String model) {
        return OnnxModel.of(LakeConfig.load(null, Map.of(), Map.of("lake.vectors.model", model))
                .vectors());
    }

    @Override
    TextEncoder encoder() {
        return encoder;
    }

    @Override
    double tolerance() {
        return 1e-5;
    }

    @Test
    void textsOfOneMeaningAreNear() {
        float[][] vectors = encoder.encode(List.of(
                "A cat sleeps on the sofa.",
                "A kitten is napping on the couch.",
                "The weather is nice today.",
                "Quarterly revenue fell by two percent."));

        assertThat(encoder.dimensions()).isEqualTo(384);
        assertThat(cosine(vectors[0], vectors[1])).as("near").isGreaterThan(0.6);
        assertThat(cosine(vectors[2], vectors[3])).as("far").isCloseTo(0, within(0.1));
    }

    @Test
    void paddingHasNoPartInAVector() {
        ModelFiles.Content files = ModelFiles.find(ModelFiles.BUNDLED).read();

        try (TextEncoder batches = OnnxTextEncoder.open(model(ModelFiles.BUNDLED), files, 1, 4)) {
            List<String> texts =
                    List.of("A cat sleeps.", "rivers ".repeat(100), "Quarterly revenue fell by two percent.");
            float[][] vectors = batches.encode(texts);
            for (int text = 0; text < vectors.length; text++) {
                assertThat(cosine(vectors[text], encoder.encode(List.of(texts.get(text)))[0]))
                        .as("but for the common scale of 8-bit numbers: " + texts.get(text))
                        .isGreaterThan(0.96);
            }
        }
    }

    @Test
    void aModelInAFolderIsUsedTheSameWay() throws IOException {
        ModelFiles.Content files = ModelFiles.find(ModelFiles.BUNDLED).read();
        Path copy = Files.createDirectory(folder.resolve("mine"));
        Files.write(copy.resolve("model.onnx"), files.graph());
        Files.write(copy.resolve("tokenizer.json"), files.tokenizer());
        OnnxModel model = model(copy.toString());

        assertThat(model.name()).isEqualTo("mine");
        assertThat(model.version()).isEqualTo(encoder.version());
        try (TextEncoder other = model.open(2)) {
            assertThat(cosine(other.encode(List.of("a sentence"))[0], encoder.encode(List.of("a sentence"))[0]))
                    .isCloseTo(1, within(1e-4));
        }

        Files.writeString(copy.resolve("tokenizer.json"), "{}");
        assertThatThrownBy(() -> model.open(1))
                .as("changed since the job was started")
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("is not the same everywhere")
                .hasMessageContaining(model.version());
        assertThatThrownBy(() -> model(copy.toString()).open(1))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("the model " + copy + " cannot be used");
    }

    @Test
    void aFolderWithoutAModelIsRefused() {
        assertThatThrownBy(() -> model(folder.toString()))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("the model " + folder + " cannot be read")
                .hasMessageContaining("a folder with model.onnx and tokenizer.json");
    }
}
