package io.datapunk.lake.delta;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.lake.model.CanonicalRow;
import io.datapunk.lake.model.RowChecksum;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Date;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

class DeltaChecksumTest {
    private final SparkSession spark = LocalSpark.session();

    @Test
    void hashesEveryTypeAsTheCanonicalRowDoes() {
        StructType schema = StructType.fromDDL("z_text STRING, a_bytes BINARY, b BOOLEAN, c TINYINT, d SMALLINT, e INT,"
                + " f BIGINT, g FLOAT, h DOUBLE, i TIMESTAMP, j DATE, k DECIMAL(12,3), l ARRAY<STRING>,"
                + " m STRUCT<y: INT, x: STRING>, n MAP<STRING, INT>, o STRING");
        Row row = RowFactory.create(
                "Größe 検",
                new byte[] {0, -1},
                true,
                (byte) -3,
                (short) 4,
                5,
                6L,
                Float.NaN,
                -0.0,
                Timestamp.from(Instant.parse("2026-01-02T03:04:05.678901Z")),
                Date.valueOf(LocalDate.of(1969, 12, 31)),
                new BigDecimal("1.5"),
                Arrays.asList("a", null),
                RowFactory.create(1, null),
                Map.of("b", 2, "a", 1),
                null);
        Dataset<Row> rows = spark.createDataFrame(List.of(row), schema);

        CanonicalRow expected = new CanonicalRow();
        expected.putBytes(new byte[] {0, -1});
        expected.putBoolean(true);
        expected.putLong(-3);
        expected.putLong(4);
        expected.putLong(5);
        expected.putLong(6);
        expected.putFloat(Float.NaN);
        expected.putDouble(-0.0);
        expected.putTimestampMicros(1767323045678901L);
        expected.putDateDays(-1);
        expected.putDecimal(new BigDecimal("1.500"));
        expected.beginArray(2);
        expected.putText("a");
        expected.putNull();
        expected.beginStruct(2);
        expected.putLong(1);
        expected.putNull();
        expected.beginMap(2);
        expected.putText("a");
        expected.putLong(1);
        expected.putText("b");
        expected.putLong(2);
        expected.putNull();
        expected.putText("Größe 検".getBytes(StandardCharsets.UTF_8));
        expected.endRow();

        assertThat(DeltaChecksum.of(rows)).isEqualTo(expected.checksum());
        // A golden vector: a change of this value breaks every checksum that was ever noted.
        assertThat(DeltaChecksum.of(rows)).hasToString("1 rows, b1fe85578b5d46245cc7997dbc3f2439");
    }

    @Test
    void tellsMinusZeroFromZeroButNotOneNaNFromAnother() {
        assertThat(DeltaChecksum.of(spark.sql("SELECT -0.0D AS x")))
                .isNotEqualTo(DeltaChecksum.of(spark.sql("SELECT 0.0D AS x")));
        StructType schema = StructType.fromDDL("x DOUBLE");
        double otherNaN = Double.longBitsToDouble(0x7ff8000000000123L);
        assertThat(DeltaChecksum.of(spark.createDataFrame(List.of(RowFactory.create(otherNaN)), schema)))
                .isEqualTo(DeltaChecksum.of(spark.createDataFrame(List.of(RowFactory.create(Double.NaN)), schema)));
    }

    @Test
    void doesNotDependOnTheOrderOfRowsOrColumns() {
        Dataset<Row> rows = ActivityRows.of(spark, "2026-01", 0, 100);
        Dataset<Row> turned = rows.select("month", Arrays.copyOf(rows.columns(), rows.columns().length - 1))
                .orderBy("title");

        assertThat(DeltaChecksum.of(turned)).isEqualTo(DeltaChecksum.of(rows));
    }

    @Test
    void countsARowThatStandsTwice() {
        Dataset<Row> rows = ActivityRows.of(spark, "2026-01", 0, 10);
        assertThat(DeltaChecksum.of(rows.union(rows)))
                .isNotEqualTo(DeltaChecksum.of(rows))
                .isEqualTo(DeltaChecksum.of(rows).plus(DeltaChecksum.of(rows)));
    }

    @Test
    void sumsEachPartitionByItself() {
        Dataset<Row> january = ActivityRows.of(spark, "2026-01", 0, 100);
        Dataset<Row> february = ActivityRows.of(spark, "2026-02", 100, 150);

        Map<String, RowChecksum> sums =
                DeltaChecksum.byPartition(january.union(february).orderBy("title"), "month");

        assertThat(sums)
                .containsExactly(
                        Map.entry("2026-01", DeltaChecksum.of(january)),
                        Map.entry("2026-02", DeltaChecksum.of(february)));
    }
}
