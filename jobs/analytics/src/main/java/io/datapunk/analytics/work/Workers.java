package io.datapunk.analytics.work;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * Works on several tables at once: planning a query and committing to Delta take one core each, however many there are. After a
 * failure nothing begins any more, and what has begun comes to its end.
 */
public final class Workers implements AutoCloseable {
    private static final int MOST = 4;

    private final ExecutorService threads =
            Executors.newFixedThreadPool(Math.min(MOST, Runtime.getRuntime().availableProcessors()));
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    /** @param after what has to be done first */
    public <T> CompletableFuture<T> submit(Collection<? extends CompletableFuture<?>> after, Supplier<T> work) {
        return CompletableFuture.allOf(after.toArray(CompletableFuture[]::new))
                .thenApplyAsync(done -> unlessFailed(work), threads);
    }

    /**
     * Waits for all.
     *
     * @return in the order in which they are given
     */
    public <T> List<T> join(Collection<CompletableFuture<T>> work) {
        try {
            return work.stream().map(CompletableFuture::join).toList();
        } catch (CompletionException e) {
            if (failure.get() instanceof RuntimeException first) {
                throw first;
            }
            throw e;
        }
    }

    private <T> T unlessFailed(Supplier<T> work) {
        if (failure.get() != null) {
            throw new CancellationException();
        }
        try {
            return work.get();
        } catch (Throwable e) {
            failure.compareAndSet(null, e);
            throw e;
        }
    }

    /** Returns when nothing is under way any more. */
    @Override
    public void close() {
        threads.shutdown();
        try {
            while (!threads.awaitTermination(1, TimeUnit.HOURS)) {
                // A large table takes its time.
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
