package io.datapunk.archive.backup.repository;

import io.datapunk.lake.model.LakeException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** A few threads that read and write files side by side. */
public final class Workers implements AutoCloseable {
    private final ExecutorService threads;

    public Workers(int number) {
        this.threads = Executors.newFixedThreadPool(number);
    }

    /**
     * Does all tasks, and gives their results in the tasks' order.
     *
     * @throws IOException what the first task threw that failed; the others are not begun any more
     */
    public <T> List<T> all(List<? extends Callable<T>> tasks) throws IOException {
        List<Future<T>> futures = new ArrayList<>();
        tasks.forEach(task -> futures.add(threads.submit(task)));
        List<T> results = new ArrayList<>();
        try {
            for (Future<T> future : futures) {
                results.add(future.get());
            }
            return results;
        } catch (ExecutionException e) {
            futures.forEach(future -> future.cancel(false));
            if (e.getCause() instanceof IOException cause) {
                throw cause;
            }
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw LakeException.failed("the command was interrupted", "the thread was asked to end", "run it again", e);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
