package io.datapunk.vectors.embed;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Map;

/**
 * A model's tokenizer. Its native library comes out of the jar into {@code ~/.djl.ai}, or the folder that {@code
 * DJL_CACHE_DIR} names: into a folder of its own that is then renamed, so that processes may do so at once.
 */
final class TokenIds implements AutoCloseable {
    /** What BERT has places for; a tokenizer that names its model's own limit goes by that. */
    private static final String MOST_TOKENS = "512";

    static {
        // DJL would look for CUDA libraries in the network, and tell its makers about the machine.
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("OPT_OUT_TRACKING", "true");
    }

    private final HuggingFaceTokenizer tokenizer;

    private TokenIds(HuggingFaceTokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /** @param json as the Hugging Face tokenizers library writes it */
    static TokenIds of(byte[] json) throws IOException {
        try {
            return new TokenIds(HuggingFaceTokenizer.newInstance(
                    new ByteArrayInputStream(json),
                    Map.of("padding", "false", "truncation", "true", "modelMaxLength", MOST_TOKENS)));
        } catch (RuntimeException e) {
            // The library has no exception of its own.
            throw new IOException("no tokenizer: " + e.getMessage(), e);
        }
    }

    /** Those of a text, at least two, at most as many as the model takes. */
    long[] of(String text) {
        // One by one: several at once would go to threads of its own, beside those of other tasks.
        return tokenizer.encode(text).getIds();
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
