package io.datapunk.tiering.heat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Cuts inputs into what is taken in together: as much as fits into memory at once. */
final class InputBatches {
    private static final int MOST_INPUTS = 5_000;
    private static final long MOST_BYTES = 128L << 20;

    private InputBatches() {}

    /**
     * The size of an input in bytes.
     *
     * @param <T> an input
     */
    @FunctionalInterface
    interface Size<T> {
        long of(T input) throws IOException;
    }

    /** The inputs in their order; an input that is too large is alone. */
    static <T> List<List<T>> of(List<T> inputs, Size<T> size) throws IOException {
        List<List<T>> batches = new ArrayList<>();
        int begin = 0;
        long bytes = 0;
        for (int next = 0; next < inputs.size(); next++) {
            long own = size.of(inputs.get(next));
            if (next > begin && (next - begin == MOST_INPUTS || bytes + own > MOST_BYTES)) {
                batches.add(inputs.subList(begin, next));
                begin = next;
                bytes = 0;
            }
            bytes += own;
        }
        if (begin < inputs.size()) {
            batches.add(inputs.subList(begin, inputs.size()));
        }
        return batches;
    }
}
