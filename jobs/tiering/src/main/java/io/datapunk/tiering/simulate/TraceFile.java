package io.datapunk.tiering.simulate;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.sum;

import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.spark.SparkPath;
import io.datapunk.tiering.policy.Accesses;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Reads a trace: Parquet, or CSV with a heading. Columns: {@code time} (a timestamp in UTC, or seconds since the epoch),
 * {@code partition} (any text), and where they exist {@code accesses} (whole number, 1 for each row otherwise),
 * {@code dataset} and {@code bytes} (size of the partition; the largest one counts, 1 GB where there is none).
 */
public final class TraceFile {
    private static final List<String> REQUIRED = List.of("time", "partition");
    private static final List<String> OPTIONAL = List.of("accesses", "dataset", "bytes");
    private static final String REMEDY =
            "give a Parquet file, or CSV with a heading, with time and partition; name other columns with --columns";

    private final SparkSession spark;
    private final Map<String, String> columns;

    /** @param columns what columns are called in the file, where they are not called as here: time → timestamp */
    public TraceFile(SparkSession spark, Map<String, String> columns) {
        this.spark = spark;
        this.columns = Map.copyOf(columns);
        for (String column : columns.keySet()) {
            if (!REQUIRED.contains(column) && !OPTIONAL.contains(column)) {
                throw LakeException.usage(
                        "a trace has no column '" + column + "'",
                        "its columns are time, partition, accesses, dataset, bytes",
                        "write --columns time=timestamp,partition=instance_id");
            }
        }
    }

    /** @throws LakeException (usage) where the file cannot be a trace, with the first value that is wrong */
    public Trace read(Path file) {
        if (!Files.exists(file)) {
            throw LakeException.usage("there is no trace at " + file, "the file does not exist", REMEDY);
        }
        Dataset<Row> raw = file.toString().toLowerCase(Locale.ROOT).endsWith(".parquet")
                ? spark.read().parquet(SparkPath.toRead(file))
                : spark.read().option("header", "true").csv(SparkPath.toRead(file));
        List<String> found = Arrays.asList(raw.columns());
        for (String column : REQUIRED) {
            requireColumn(file, found, column);
        }
        columns.keySet().forEach(column -> requireColumn(file, found, column));
        Dataset<Row> rows = raw.select(
                hour(raw.col(nameOf("time"))).as("hour"),
                raw.col(nameOf("partition")).cast("string").as("partition"),
                optional(raw, found, "accesses", "bigint", lit(1L)).as("accesses"),
                optional(raw, found, "dataset", "string", lit("trace.partitions"))
                        .as("dataset"),
                optional(raw, found, "bytes", "bigint", lit(1_000_000_000L)).as("bytes"));
        requireGood(file, rows);
        return trace(file, rows);
    }

    private void requireColumn(Path file, List<String> found, String column) {
        if (!found.contains(nameOf(column))) {
            throw LakeException.usage(
                    file + " has no column " + nameOf(column), "its columns are " + String.join(", ", found), REMEDY);
        }
    }

    private String nameOf(String column) {
        return columns.getOrDefault(column, column);
    }

    private Column optional(Dataset<Row> raw, List<String> found, String column, String type, Column otherwise) {
        return found.contains(nameOf(column)) ? raw.col(nameOf(column)).try_cast(type) : otherwise;
    }

    private static Column hour(Column time) {
        Column seconds = time.try_cast("bigint");
        Column timestamp = time.try_cast("timestamp").cast("bigint");
        return floor(coalesce(seconds, timestamp).divide(3600));
    }

    private static void requireGood(Path file, Dataset<Row> rows) {
        List<Row> bad = rows.filter(col("hour")
                        .isNull()
                        .or(col("partition").isNull())
                        .or(col("dataset").isNull())
                        .or(col("accesses").isNull())
                        .or(col("accesses").lt(0))
                        .or(col("bytes").isNull())
                        .or(col("bytes").lt(1)))
                .takeAsList(1);
        if (!bad.isEmpty()) {
            throw LakeException.usage(
                    file + " has a row that is no access",
                    "as hour, partition, accesses, dataset, bytes it reads " + bad.get(0),
                    "correct it: time is a timestamp or seconds since the epoch, accesses are not negative, bytes positive");
        }
    }

    private static Trace trace(Path file, Dataset<Row> rows) {
        Map<PartitionName, Map<Long, Long>> counts = new HashMap<>();
        SortedMap<PartitionName, Long> bytes = new TreeMap<>();
        long first = Long.MAX_VALUE;
        long last = Long.MIN_VALUE;
        for (Row row : rows.groupBy("dataset", "partition", "hour")
                .agg(sum("accesses"), max("bytes"))
                .collectAsList()) {
            PartitionName name = PartitionName.of(DatasetName.parse(row.getString(0)), "partition", row.getString(1));
            long hour = row.getLong(2);
            counts.computeIfAbsent(name, any -> new HashMap<>()).put(hour, row.getLong(3));
            bytes.merge(name, row.getLong(4), Math::max);
            first = Math.min(first, hour);
            last = Math.max(last, hour);
        }
        if (bytes.isEmpty()) {
            throw LakeException.usage(file + " has no accesses", "it has no rows", REMEDY);
        }
        return new Trace(
                first,
                Math.toIntExact(last - first + 1),
                bytes.entrySet().stream()
                        .map(entry -> new Trace.Partition(
                                entry.getKey(), entry.getValue(), Accesses.of(counts.get(entry.getKey()))))
                        .toList());
    }
}
