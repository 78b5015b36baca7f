package io.datapunk.lake.delta;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.to_json;

import io.datapunk.lake.encryption.FileEncryption;
import io.datapunk.lake.model.LakeException;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.mapreduce.Job;
import org.apache.hadoop.mapreduce.TaskAttemptID;
import org.apache.hadoop.mapreduce.TaskType;
import org.apache.hadoop.mapreduce.task.TaskAttemptContextImpl;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.Snapshot;
import org.apache.spark.sql.delta.actions.AddFile;
import org.apache.spark.sql.execution.datasources.OutputWriter;
import org.apache.spark.sql.execution.datasources.OutputWriterFactory;
import org.apache.spark.sql.execution.datasources.parquet.ParquetFileFormat;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import scala.Option;

/**
 * Writes rows anew, where pages cannot be carried over: masked rows have to be left out, or small files become a few
 * large ones. Memory is bounded by a row group and Spark's sort, which spills.
 */
final class RowRewriter {
    private final SparkSession spark;
    private final DeltaLog log;
    private final Snapshot snapshot;
    private final FileCodec codec;
    private final Configuration writing;
    private final RewriteSizes sizes;

    /**
     * How large things become.
     *
     * @param fileBytes about how large files get, measured in what the sources take
     */
    record RewriteSizes(long fileBytes, long rowGroupBytes, long dictionaryBytes) implements Serializable {}

    /** @param writing how Hadoop writes, encryption included */
    RowRewriter(
            SparkSession spark,
            DeltaLog log,
            Snapshot snapshot,
            FileCodec codec,
            Configuration writing,
            RewriteSizes sizes) {
        this.spark = spark;
        this.log = log;
        this.snapshot = snapshot;
        this.codec = codec;
        this.writing = writing;
        this.sizes = sizes;
    }

    /** A file that a task wrote; its path is relative to the table's root and decoded. */
    record WrittenFile(String path, long bytes, long modificationTime) implements Serializable {}

    /**
     * Writes the live rows of some files of one partition.
     *
     * @param folder where to, relative to the table's root and decoded, with a slash at the end where it is not empty
     * @param sortedBy the order of rows within files, empty to keep the order that they have
     */
    List<WrittenFile> rewrite(List<AddFile> sources, String folder, String attempt, List<String> sortedBy) {
        long bytes = sources.stream().mapToLong(AddFile::size).sum();
        int files = Math.toIntExact(Math.max(1, (bytes + sizes.fileBytes() - 1) / sizes.fileBytes()));
        Dataset<Row> rows = read(log, snapshot, sources);
        Column[] order = sortedBy.stream().map(name -> col(name)).toArray(Column[]::new);
        if (order.length == 0) {
            rows = rows.coalesce(1);
        } else if (files == 1) {
            rows = rows.coalesce(1).sortWithinPartitions(order);
        } else {
            rows = rows.repartitionByRange(files, order).sortWithinPartitions(order);
        }
        Writer writer = writer(rows.schema(), folder, attempt);
        return new ArrayList<>(
                rows.queryExecution().toRdd().toJavaRDD().mapPartitions(writer).collect());
    }

    /** A file's statistics over the columns that keep some, from its rows. */
    String statistics(AddFile file) {
        return read(log, snapshot, List.of(file))
                .agg(to_json(snapshot.statsCollector()))
                .head()
                .getString(0);
    }

    /** The live rows of given files, whether a commit names them or not. */
    static Dataset<Row> read(DeltaLog log, Snapshot snapshot, List<AddFile> files) {
        return log.createDataFrame(snapshot, DeltaActions.immutable(files), false, Option.empty());
    }

    private Writer writer(StructType schema, String folder, String attempt) {
        try {
            Configuration configuration = new Configuration(writing);
            configuration.setLong("parquet.block.size", sizes.rowGroupBytes());
            configuration.setLong("parquet.dictionary.page.size", sizes.dictionaryBytes());
            configuration.setInt("parquet.compression.codec.zstd.level", codec.level());
            Job job = Job.getInstance(configuration);
            OutputWriterFactory factory = new ParquetFileFormat()
                    .prepareWrite(
                            spark,
                            job,
                            DeltaActions.immutable(java.util.Map.of("compression", codec.sparkName())),
                            schema);
            return new Writer(
                    factory,
                    SerializableConfiguration.broadcast(spark.sparkContext(), job.getConfiguration()),
                    schema,
                    log.dataPath().toString(),
                    folder + attempt);
        } catch (IOException e) {
            throw LakeException.failed(
                    "rows cannot be written to " + folder,
                    "Spark's Parquet writer did not start: " + e.getMessage(),
                    "check that the store is reachable",
                    e);
        }
    }

    /** Writes each task's rows to one file; a task without rows writes none. */
    private record Writer(
            OutputWriterFactory factory,
            Broadcast<SerializableConfiguration> configuration,
            StructType schema,
            String root,
            String prefix)
            implements FlatMapFunction<Iterator<InternalRow>, WrittenFile> {
        @Override
        public Iterator<WrittenFile> call(Iterator<InternalRow> rows) throws IOException {
            if (!rows.hasNext()) {
                return List.<WrittenFile>of().iterator();
            }
            TaskContext task = TaskContext.get();
            String path = prefix + "-rows-" + task.partitionId() + "-" + task.taskAttemptId() + ".parquet";
            Path file = new Path(root, new Path(null, null, path));
            TaskAttemptID id = new TaskAttemptID(
                    UUID.randomUUID().toString(), 0, TaskType.REDUCE, task.partitionId(), task.attemptNumber());
            OutputWriter writer = factory.newInstance(
                    file.toString(),
                    schema,
                    new TaskAttemptContextImpl(configuration.value().value(), id));
            try {
                while (rows.hasNext()) {
                    writer.write(rows.next());
                }
            } finally {
                writer.close();
            }
            FileStatus status = FileEncryption.check(configuration.value().value(), file);
            return List.of(new WrittenFile(path, status.getLen(), status.getModificationTime()))
                    .iterator();
        }
    }
}
