package io.datapunk.tiering.heat;

import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.spark.SparkPath;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Observation;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructField;

/**
 * Files of accesses, all CSV with a header or all Parquet: {@code time} (ISO-8601, UTC where it names no zone, a timestamp, or
 * seconds since the epoch), {@code dataset}, {@code partition} ({@code month=2026-01}; empty for a table without
 * partitions) and, where it is there, {@code accesses} (1 otherwise).
 */
final class ImportFiles {
    private static final String TIME = "time";
    private static final String DATASET = "dataset";
    private static final String PARTITION = "partition";
    private static final String ACCESSES = "accesses";
    private static final String STATE = "state";
    private static final String PRESENT = "present";
    private static final String FUTURE = "future";
    private static final String REJECTED = "rejected";
    private static final String SUM = "sum";

    /** Of the file, per Spark task that sorts and adds up; unpacked it is many times that. */
    private static final long CSV_BYTES_PER_TASK = 128L << 20;

    private static final long PARQUET_BYTES_PER_TASK = 24L << 20;

    private final SparkSession spark;
    private final List<Path> files;
    private final Instant now;

    /**
     * @param files of one kind
     * @param now what counts as the present
     */
    ImportFiles(SparkSession spark, List<Path> files, Instant now) {
        this.spark = spark;
        this.files = files;
        this.now = now;
    }

    /**
     * What became of its rows.
     *
     * @param rows that count
     * @param future rows whose time has not come
     * @param rejected rows without a usable time, dataset or number, or older than the access log keeps
     * @param accesses of the rows that count
     */
    record Counted(long rows, long future, long rejected, long accesses) {}

    /** Adds up by partition and hour, in one pass, and writes {@link StagedCounts}. */
    Counted stage(Path folder) throws IOException {
        Observation seen = new Observation();
        Column state = functions.col(STATE);
        Dataset<Row> counts = rows().observe(
                        seen,
                        functions.count_if(state.equalTo(PRESENT)).as(PRESENT),
                        functions.count_if(state.equalTo(FUTURE)).as(FUTURE),
                        functions.count_if(state.equalTo(REJECTED)).as(REJECTED),
                        functions
                                .sum(functions.when(state.equalTo(PRESENT), functions.col(ACCESSES)))
                                .as(SUM))
                .where(state.equalTo(PRESENT))
                .repartition(tasks(), functions.col(StagedCounts.PARTITION))
                .groupBy(StagedCounts.PARTITION, StagedCounts.HOUR)
                .agg(functions.sum(ACCESSES).as(StagedCounts.ACCESSES))
                .sortWithinPartitions(StagedCounts.PARTITION, StagedCounts.HOUR);
        StagedCounts.write(counts, folder);
        Map<String, Object> metrics = metrics(seen);
        return new Counted(
                number(metrics.get(PRESENT)),
                number(metrics.get(FUTURE)),
                number(metrics.get(REJECTED)),
                number(metrics.get(SUM)));
    }

    private static Map<String, Object> metrics(Observation seen) throws InterruptedIOException {
        try {
            return seen.getAsJava();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the import was interrupted");
        }
    }

    private static long number(Object metric) {
        return metric == null ? 0 : ((Number) metric).longValue();
    }

    private int tasks() throws IOException {
        long bytes = 0;
        for (Path file : files) {
            bytes += Files.size(file);
        }
        return (int) (bytes / (isParquet(files.get(0)) ? PARQUET_BYTES_PER_TASK : CSV_BYTES_PER_TASK)) + 1;
    }

    static boolean isParquet(Path file) {
        return file.getFileName().toString().endsWith(".parquet");
    }

    private Dataset<Row> rows() {
        String[] paths = files.stream().map(SparkPath::toRead).toArray(String[]::new);
        Dataset<Row> table = isParquet(files.get(0))
                ? spark.read().parquet(paths)
                : spark.read().option("header", "true").csv(paths);
        Map<String, StructField> fields = Stream.of(table.schema().fields())
                .collect(Collectors.toMap(
                        field -> field.name().toLowerCase(Locale.ROOT), Function.identity(), (first, second) -> first));
        requireColumns(fields);
        Column seconds = seconds(fields.get(TIME).dataType());
        Column accesses =
                fields.containsKey(ACCESSES) ? functions.col(ACCESSES).try_cast(DataTypes.LongType) : functions.lit(1L);
        Column partition = functions.coalesce(functions.col(PARTITION).cast("string"), functions.lit(""));
        Dataset<Row> rows = table.select(
                functions
                        .when(partition.equalTo(""), functions.col(DATASET))
                        .otherwise(functions.concat(functions.col(DATASET), functions.lit("/"), partition))
                        .as(StagedCounts.PARTITION),
                seconds.as(TIME),
                accesses.as(ACCESSES));
        return rows.select(
                functions.col(StagedCounts.PARTITION),
                functions
                        .least(functions.col(TIME), functions.lit(now.getEpochSecond()))
                        .minus(functions.pmod(
                                functions.least(functions.col(TIME), functions.lit(now.getEpochSecond())),
                                functions.lit(3600L)))
                        .divide(3600)
                        .cast("long")
                        .as(StagedCounts.HOUR),
                functions.col(ACCESSES),
                state().as(STATE));
    }

    private Column state() {
        Column time = functions.col(TIME);
        Column usable = time.isNotNull()
                .and(functions.col(StagedCounts.PARTITION).isNotNull())
                .and(functions.col(ACCESSES).isNotNull())
                .and(functions.col(ACCESSES).geq(1))
                .and(time.geq(now.minus(AccessLine.OLDEST).getEpochSecond()));
        return functions
                .when(functions.not(functions.coalesce(usable, functions.lit(false))), REJECTED)
                .when(time.gt(now.plus(AccessLine.CLOCK_SKEW).getEpochSecond()), FUTURE)
                .otherwise(PRESENT);
    }

    private static Column seconds(DataType type) {
        Column time = functions.col(TIME);
        if (type instanceof NumericType) {
            return time.cast(DataTypes.LongType);
        }
        return functions.unix_seconds(time.try_cast(DataTypes.TimestampType));
    }

    private void requireColumns(Map<String, StructField> fields) {
        List<String> missing = Stream.of(TIME, DATASET, PARTITION)
                .filter(column -> !fields.containsKey(column))
                .toList();
        if (!missing.isEmpty()) {
            throw LakeException.usage(
                    "the accesses in " + files.get(0) + " cannot be imported",
                    "it has no column " + String.join(" and no column ", missing) + ", but " + fields.keySet(),
                    "name the columns time, dataset, partition and, where it has them, accesses");
        }
    }
}
