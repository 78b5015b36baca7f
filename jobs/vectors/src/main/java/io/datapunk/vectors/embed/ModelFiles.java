package io.datapunk.vectors.embed;

import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.Sha256;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Where a model's two files are.
 *
 * @param folder absolute; empty for the model that comes with the lake. No Optional: those do not go to tasks
 */
record ModelFiles(String name, String folder) implements Serializable {
    /**
     * A sentence-transformers model of 384 dimensions, quantised to 8 bits, Apache licence: <a
     * href="https://huggingface.co/Xenova/all-MiniLM-L6-v2">Xenova/all-MiniLM-L6-v2</a>, as langchain4j packs it.
     */
    static final String BUNDLED = "all-minilm-l6-v2-q";

    private static final String GRAPH = "model.onnx";
    private static final String TOKENIZER = "tokenizer.json";

    /** What the files hold. */
    record Content(byte[] graph, byte[] tokenizer) {
        /** SHA-256 of the one and the other. */
        String version() {
            MessageDigest digest = Sha256.digest();
            digest.update(graph);
            digest.update(tokenizer);
            return HexFormat.of().formatHex(digest.digest());
        }

        /** Whether the model looks for the scale of its 8-bit numbers in whatever it is given at once. */
        boolean scalesByBatch() {
            return new String(graph, StandardCharsets.ISO_8859_1).contains("DynamicQuantizeLinear");
        }
    }

    /** @param model the bundled one's name, or a folder */
    static ModelFiles find(String model) {
        if (model.equals(BUNDLED)) {
            return new ModelFiles(model, "");
        }
        Path folder = Path.of(model).toAbsolutePath().normalize();
        return new ModelFiles(
                Optional.ofNullable(folder.getFileName()).map(Path::toString).orElse(model), folder.toString());
    }

    /** @throws LakeException (usage) where a file is missing */
    Content read() {
        try {
            return new Content(read(GRAPH, BUNDLED + ".onnx"), read(TOKENIZER, BUNDLED + "-tokenizer.json"));
        } catch (IOException e) {
            throw LakeException.usage(
                    "the model " + this + " cannot be read",
                    e.getClass().getSimpleName() + ": " + e.getMessage(),
                    "let lake.vectors.model name " + BUNDLED + ", or a folder with " + GRAPH + " and " + TOKENIZER);
        }
    }

    private byte[] read(String file, String resource) throws IOException {
        if (!folder.isEmpty()) {
            return Files.readAllBytes(Path.of(folder, file));
        }
        try (InputStream in = ModelFiles.class.getResourceAsStream("/" + resource)) {
            if (in == null) {
                throw new FileNotFoundException(resource + " is not on the class path");
            }
            return in.readAllBytes();
        }
    }

    @Override
    public String toString() {
        return folder.isEmpty() ? name : folder;
    }
}
