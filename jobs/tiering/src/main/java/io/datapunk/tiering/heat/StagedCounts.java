package io.datapunk.tiering.heat;

import io.datapunk.lake.spark.SparkPath;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * Accesses by partition and clock hour as Spark handles them where they are too many for the driver: columns
 * {@code partition}, {@code hour} (since the epoch) and {@code accesses}.
 */
final class StagedCounts {
    static final String PARTITION = "partition";
    static final String HOUR = "hour";
    static final String ACCESSES = "accesses";

    private StagedCounts() {}

    static void write(Dataset<Row> counts, Path folder) {
        counts.select(PARTITION, HOUR, ACCESSES)
                .write()
                .mode(SaveMode.Overwrite)
                .parquet(SparkPath.toWrite(folder));
    }

    static Dataset<Row> read(SparkSession spark, Path folder) {
        return spark.read().parquet(SparkPath.toRead(folder));
    }

    /**
     * Counts as the chunks of a {@link HeatSegment}, one Spark partition after the other, so that the driver holds some
     * megabytes of them at most.
     *
     * @param counts best sorted by partition and hour within Spark's partitions: then a partition makes one entry
     */
    static Iterator<byte[]> chunks(Dataset<Row> counts) {
        return counts.select(PARTITION, HOUR, ACCESSES)
                .mapPartitions((MapPartitionsFunction<Row, byte[]>) Chunks::new, Encoders.BINARY())
                .toLocalIterator();
    }

    /** The earliest hour, empty where there are no counts. */
    static Optional<Long> firstHour(SparkSession spark, Path folder) {
        Row first = read(spark, folder).agg(functions.min(HOUR)).first();
        return first.isNullAt(0) ? Optional.empty() : Optional.of(first.getLong(0));
    }

    /** Partitions whose names are none, the first {@code most} of them. */
    static List<String> wrongNames(SparkSession spark, Path folder, int most) {
        return read(spark, folder)
                .select(PARTITION)
                .mapPartitions((MapPartitionsFunction<Row, String>) WrongNames::new, Encoders.STRING())
                .distinct()
                .limit(most)
                .collectAsList();
    }

    /** The entries of a few counts as one chunk. */
    static byte[] chunk(Map<AccessRollup.PartitionHour, Long> counts) {
        Map<String, PackedAccesses> packed = new TreeMap<>();
        // In the order of hours, which is what packing needs.
        new TreeMap<>(counts)
                .forEach((key, count) -> packed.computeIfAbsent(key.partition(), name -> new PackedAccesses())
                        .add(key.hour(), count));
        HeatSegment.Chunk chunk = new HeatSegment.Chunk();
        packed.forEach((partition, accesses) -> chunk.add(partition, accesses.toBytes()));
        return chunk.take();
    }

    /** Lets through the names that are none; a name that comes many times in a row is looked at once. */
    private static final class WrongNames implements Iterator<String> {
        private final Iterator<Row> rows;
        private String last = "";
        private String ahead;

        WrongNames(Iterator<Row> rows) {
            this.rows = rows;
            advance();
        }

        private void advance() {
            while (rows.hasNext()) {
                String name = rows.next().getString(0);
                if (!name.equals(last)) {
                    last = name;
                    if (!ImportSource.isName(name)) {
                        ahead = name;
                        return;
                    }
                }
            }
            ahead = null;
        }

        @Override
        public boolean hasNext() {
            return ahead != null;
        }

        @Override
        public String next() {
            if (ahead == null) {
                throw new NoSuchElementException();
            }
            String name = ahead;
            advance();
            return name;
        }
    }

    /** Packs rows while they pass. */
    private static final class Chunks implements Iterator<byte[]> {
        private final Iterator<Row> rows;
        private final HeatSegment.Chunk chunk = new HeatSegment.Chunk();
        private Row ahead;

        Chunks(Iterator<Row> rows) {
            this.rows = rows;
            advance();
        }

        private void advance() {
            ahead = rows.hasNext() ? rows.next() : null;
        }

        @Override
        public boolean hasNext() {
            return ahead != null;
        }

        @Override
        public byte[] next() {
            if (ahead == null) {
                throw new NoSuchElementException();
            }
            while (ahead != null && !chunk.isFull()) {
                String partition = ahead.getString(0);
                PackedAccesses packed = new PackedAccesses();
                for (long last = 0;
                        ahead != null
                                && ahead.getLong(1) >= last
                                && ahead.getString(0).equals(partition); ) {
                    last = ahead.getLong(1);
                    packed.add(last, ahead.getLong(2));
                    advance();
                }
                chunk.add(partition, packed.toBytes());
            }
            return chunk.take();
        }
    }
}
