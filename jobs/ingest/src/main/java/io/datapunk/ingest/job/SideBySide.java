package io.datapunk.ingest.job;

import io.datapunk.lake.spark.LakeSession;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.spark.sql.SparkSession;

/**
 * Runs the driver's part of several Spark jobs at a time, so that the cores have work while one of them plans or commits.
 */
final class SideBySide {
    private final SparkSession spark;

    SideBySide(SparkSession spark) {
        this.spark = spark;
    }

    /**
     * Returns when all of the work has ended, whether well or not.
     *
     * @throws RuntimeException the first failure, with the other ones suppressed
     */
    void run(List<Runnable> work) {
        int threads = Math.max(1, Math.min(work.size(), spark.sparkContext().defaultParallelism()));
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            RuntimeException failure = null;
            for (Future<?> each : pool.invokeAll(
                    work.stream().<Callable<Object>>map(this::internal).toList())) {
                try {
                    each.get();
                } catch (ExecutionException | CancellationException e) {
                    failure = plus(failure, e);
                }
            }
            if (failure != null) {
                throw failure;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while others were at work");
        } finally {
            pool.shutdownNow();
        }
    }

    private Callable<Object> internal(Runnable work) {
        return () -> {
            LakeSession.internal(spark, work);
            return null;
        };
    }

    private static RuntimeException plus(RuntimeException failure, Exception another) {
        Throwable cause = another.getCause() == null ? another : another.getCause();
        if (cause instanceof Error error) {
            throw error;
        }
        RuntimeException known = cause instanceof RuntimeException e ? e : new IllegalStateException(cause);
        if (failure == null) {
            return known;
        }
        failure.addSuppressed(known);
        return failure;
    }
}
