package io.datapunk.vectors.embed;

import io.datapunk.lake.config.VectorsConfig;
import io.datapunk.lake.model.LakeException;

/**
 * A model for ONNX Runtime and its tokenizer.
 *
 * @param version of the files where this was made; they have to be the same where it is opened
 * @param batch texts that the model is given at once, where a vector does not depend on that
 */
public record OnnxModel(String name, ModelFiles files, String version, int batch) implements TextModel {
    private static final long serialVersionUID = 1;

    /** @throws LakeException (usage) where there is no such model */
    public static OnnxModel of(VectorsConfig config) {
        ModelFiles files = ModelFiles.find(config.model());
        return new OnnxModel(files.name(), files, files.read().version(), config.batch());
    }

    /** @throws LakeException where the files here are others, or are no model */
    @Override
    public TextEncoder open(int threads) {
        ModelFiles.Content content = files.read();
        if (!content.version().equals(version)) {
            throw LakeException.failed(
                    "the model " + files + " is not the same everywhere",
                    "its files have SHA-256 " + version + " where the job was started and " + content.version()
                            + " where it runs",
                    "copy the folder to the same place on every machine");
        }
        return OnnxTextEncoder.open(this, content, threads);
    }
}
