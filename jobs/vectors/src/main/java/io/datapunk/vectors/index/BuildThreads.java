package io.datapunk.vectors.index;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/** The threads of one build. Streams that run in parallel inside {@link #run} stay on them. */
final class BuildThreads implements AutoCloseable {
    private final ForkJoinPool pool;

    BuildThreads(int threads) {
        this.pool = new ForkJoinPool(threads);
    }

    ForkJoinPool pool() {
        return pool;
    }

    <T> T run(Callable<T> work) throws IOException, InterruptedException {
        try {
            return pool.submit(work).get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException cause) {
                throw cause;
            }
            throw new IllegalStateException("The index cannot be built", e.getCause());
        }
    }

    /** For each up to a bound. Ends early when the pool is closed. */
    void forEach(int bound, IntConsumer work) throws IOException, InterruptedException {
        run(() -> {
            IntStream.range(0, bound).parallel().forEach(i -> {
                if (pool.isShutdown()) {
                    throw new CancellationException();
                }
                work.accept(i);
            });
            return null;
        });
    }

    @Override
    public void close() {
        pool.shutdownNow();
    }
}
