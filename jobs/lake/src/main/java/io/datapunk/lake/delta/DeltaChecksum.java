package io.datapunk.lake.delta;

import io.datapunk.lake.model.CanonicalRow;
import io.datapunk.lake.model.PartitionValue;
import io.datapunk.lake.model.RowChecksum;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import scala.Tuple2;

/** Checksums of what tables hold, over every column, made by Spark's tasks where the rows are read. */
public final class DeltaChecksum {
    private DeltaChecksum() {}

    /** The checksum of all rows. */
    public static RowChecksum of(Dataset<Row> rows) {
        return InternalJobs.call(rows.sparkSession(), () -> {
            CanonicalColumns columns = new CanonicalColumns(rows.schema());
            return internalRows(rows)
                    .mapPartitions(part -> List.of(sum(columns, part)).iterator())
                    .fold(RowChecksum.ZERO, RowChecksum::plus);
        });
    }

    /**
     * The checksum of each partition's rows.
     *
     * @param partitionColumn a column of texts; rows without a value are found under {@code
     *     __HIVE_DEFAULT_PARTITION__}
     */
    public static Map<String, RowChecksum> byPartition(Dataset<Row> rows, String partitionColumn) {
        return InternalJobs.call(rows.sparkSession(), () -> {
            StructType schema = rows.schema();
            CanonicalColumns columns = new CanonicalColumns(schema);
            return byValue(rows, columns, schema.fieldIndex(partitionColumn));
        });
    }

    /**
     * The checksum of the rows of each mark, which is not part of it.
     *
     * @param mark the last column, of texts
     */
    static Map<String, RowChecksum> byMark(Dataset<Row> rows, String mark) {
        return InternalJobs.call(rows.sparkSession(), () -> {
            StructType schema = rows.schema();
            int last = schema.fieldIndex(mark);
            CanonicalColumns columns = new CanonicalColumns(new StructType(Arrays.copyOf(schema.fields(), last)));
            return byValue(rows, columns, last);
        });
    }

    /** @param index of the column whose values tell the rows apart */
    private static Map<String, RowChecksum> byValue(Dataset<Row> rows, CanonicalColumns columns, int index) {
        Map<String, RowChecksum> sums = new TreeMap<>();
        List<Tuple2<String, RowChecksum>> parts = internalRows(rows)
                .mapPartitions(part -> sums(columns, index, part))
                .collect();
        parts.forEach(part -> sums.merge(part._1(), part._2(), RowChecksum::plus));
        return sums;
    }

    private static JavaRDD<InternalRow> internalRows(Dataset<Row> rows) {
        return rows.queryExecution().toRdd().toJavaRDD();
    }

    private static RowChecksum sum(CanonicalColumns columns, Iterator<InternalRow> rows) {
        CanonicalRow canonical = new CanonicalRow();
        while (rows.hasNext()) {
            columns.add(rows.next(), canonical);
        }
        return canonical.checksum();
    }

    private static Iterator<Tuple2<String, RowChecksum>> sums(
            CanonicalColumns columns, int partition, Iterator<InternalRow> rows) {
        Map<UTF8String, CanonicalRow> open = new HashMap<>();
        UTF8String last = null;
        CanonicalRow canonical = null;
        while (rows.hasNext()) {
            InternalRow row = rows.next();
            UTF8String value = row.isNullAt(partition)
                    ? UTF8String.fromString(PartitionValue.NO_VALUE)
                    : row.getUTF8String(partition);
            if (canonical == null || !value.equals(last)) {
                // The row's memory is used again for the next one, so a key has to be a copy.
                last = value.clone();
                canonical = open.computeIfAbsent(last, key -> new CanonicalRow());
            }
            columns.add(row, canonical);
        }
        return open.entrySet().stream()
                .map(entry ->
                        new Tuple2<>(entry.getKey().toString(), entry.getValue().checksum()))
                .iterator();
    }
}
