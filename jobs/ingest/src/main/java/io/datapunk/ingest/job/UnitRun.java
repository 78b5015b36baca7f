package io.datapunk.ingest.job;

import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.spark.WorkerFiles;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.spark.SparkException;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.LongAccumulator;

/** Runs all units of an import as one Spark job. */
final class UnitRun {
    private static final long POLL_NANOS = 200_000_000;

    private final SparkSession spark;
    private final ImportContext context;

    UnitRun(SparkSession spark, ImportContext context) {
        this.spark = spark;
        this.context = context;
    }

    UnitResult run(List<WorkUnit> units, Progress progress) {
        long total = units.stream().mapToLong(WorkUnit::bytes).sum();
        LongAccumulator read = spark.sparkContext().longAccumulator();
        AtomicBoolean ended = new AtomicBoolean();
        try (Progress.Stage stage = progress.begin("reading entries", total, "bytes")) {
            Thread watcher = new Thread(() -> watch(read, ended, stage), "ingest progress");
            watcher.setDaemon(true);
            watcher.start();
            try {
                return job(units, read);
            } finally {
                ended.set(true);
                join(watcher);
            }
        } catch (Exception e) {
            throw failure(e);
        }
    }

    private UnitResult job(List<WorkUnit> units, LongAccumulator read) {
        JavaSparkContext java = JavaSparkContext.fromSparkContext(spark.sparkContext());
        JavaRDD<WorkUnit> work = java.parallelize(units, units.size());
        ImportContext everywhere = context;
        Function<WorkUnit, UnitResult> task = unit -> {
            WorkerFiles.require(Stream.concat(
                    Stream.of(everywhere.stagingFolder()), unit.items().stream().flatMap(WorkItem::locations)));
            return new UnitTask(everywhere, read::add)
                    .run(unit, TaskContext.get().taskAttemptId());
        };
        UnitResult sum = new UnitResult();
        work.map(task).collect().forEach(sum::plus);
        return sum;
    }

    private static void watch(LongAccumulator read, AtomicBoolean ended, Progress.Stage stage) {
        long told = 0;
        boolean last;
        do {
            last = ended.get();
            long now = read.value();
            if (now > told) {
                stage.advance(now - told);
                told = now;
            }
            if (!last) {
                LockSupport.parkNanos(POLL_NANOS);
            }
        } while (!last);
    }

    private static void join(Thread watcher) {
        try {
            LockSupport.unpark(watcher);
            watcher.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Spark wraps what a task threw; a person wants to know what it was. */
    private LakeException failure(Exception failure) {
        Throwable cause = failure;
        while (cause instanceof SparkException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof LakeException known) {
            return known;
        }
        String remedy = cause instanceof IOException
                ? "free disk space in " + context.stagingFolder()
                        + " or check that disk, and run the same command again"
                : "run the same command again; report this if it stays";
        return LakeException.failed(
                "the entries could not be read into staging",
                cause.getClass().getSimpleName() + ": " + cause.getMessage(),
                remedy,
                failure);
    }
}
