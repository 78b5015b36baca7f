package io.datapunk.lake.delta;

import io.datapunk.lake.delta.RowRewriter.WrittenFile;
import io.datapunk.lake.encryption.FileEncryption;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.util.SerializableConfiguration;

/** Writes files of a table anew page by page, many as one job of Spark. */
final class PageCopies {
    /** About a fifth of a second at zstd 19, beside which a task of Spark costs little. */
    private static final long TASK_BYTES = 1L << 20;

    private final SparkSession spark;
    private final DeltaLog log;
    private final FileCodec codec;
    private final Configuration writing;

    /** @param writing how Hadoop reads and writes, encryption included */
    PageCopies(SparkSession spark, DeltaLog log, FileCodec codec, Configuration writing) {
        this.spark = spark;
        this.log = log;
        this.codec = codec;
        this.writing = writing;
    }

    /**
     * One file to be written anew.
     *
     * @param source where it lies
     * @param prefix of the new file's path, relative to the table's root and decoded
     */
    record Task(String source, long bytes, String prefix) implements Serializable {}

    /** Returns what was written, in the order of the tasks. */
    List<WrittenFile> copy(List<Task> tasks) {
        if (tasks.isEmpty()) {
            return List.of();
        }
        Transcode code = new Transcode(
                SerializableConfiguration.broadcast(spark.sparkContext(), writing),
                codec,
                log.dataPath().toString());
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        List<List<Task>> shares = shares(tasks, context.defaultParallelism());
        return context.parallelize(shares, shares.size()).flatMap(code).collect();
    }

    /** Small files share a task, as far as every core still has two: on an object store each waits for its answers. */
    static List<List<Task>> shares(List<Task> tasks, int cores) {
        int most = Math.max(1, tasks.size() / (2 * cores));
        List<List<Task>> shares = new ArrayList<>();
        List<Task> share = new ArrayList<>();
        long bytes = 0;
        for (Task task : tasks) {
            if (!share.isEmpty() && (share.size() >= most || bytes + task.bytes() > TASK_BYTES)) {
                shares.add(share);
                share = new ArrayList<>();
                bytes = 0;
            }
            share.add(task);
            bytes += task.bytes();
        }
        shares.add(share);
        return shares;
    }

    /** The tasks' code. */
    private record Transcode(Broadcast<SerializableConfiguration> configuration, FileCodec codec, String root)
            implements FlatMapFunction<List<Task>, WrittenFile> {
        @Override
        public Iterator<WrittenFile> call(List<Task> tasks) throws IOException {
            List<WrittenFile> written = new ArrayList<>();
            for (Task task : tasks) {
                written.add(transcode(task));
            }
            return written.iterator();
        }

        private WrittenFile transcode(Task task) throws IOException {
            Configuration store = configuration.value().value();
            String path = task.prefix() + "-" + TaskContext.get().taskAttemptId() + ".parquet";
            Path target = new Path(root, new Path(null, null, path));
            new PageTranscoder(store, codec).transcode(new Path(task.source()), target);
            FileStatus status = FileEncryption.check(store, target);
            return new WrittenFile(path, status.getLen(), status.getModificationTime());
        }
    }
}
