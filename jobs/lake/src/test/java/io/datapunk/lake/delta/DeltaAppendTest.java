package io.datapunk.lake.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.DataFile;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.PartitionFiles;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.RowChecksum;
import io.datapunk.lake.model.table.ActivityTable;
import io.datapunk.lake.model.table.TableDefinition;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeltaAppendTest {
    private static final TableDefinition ACTIVITY = ActivityTable.DEFINITION;

    private final SparkSession spark = LocalSpark.session();

    @TempDir
    Path folder;

    private LakeHome home;
    private TableLog log;

    @BeforeEach
    void createTable() {
        home = LocalHome.under(folder);
        log = new TableLog(home);
        DeltaTables.ensure(spark, home, ACTIVITY);
    }

    @Test
    void writesEachMonthSortedIntoItsPartition() {
        Dataset<Row> rows =
                ActivityRows.of(spark, "2026-01", 0, 500).union(ActivityRows.of(spark, "2026-02", 500, 800));

        long version = new DeltaAppend(spark, home).append(ACTIVITY, rows);

        TableSnapshot snapshot = log.snapshot(ACTIVITY.name()).orElseThrow();
        assertThat(snapshot.version()).isEqualTo(version).isEqualTo(1);
        assertThat(snapshot.partitions())
                .extracting(PartitionFiles::partition)
                .containsExactly(
                        PartitionName.parse("user_data.activity/month=2026-01"),
                        PartitionName.parse("user_data.activity/month=2026-02"));
        assertThat(snapshot.partitions()).extracting(PartitionFiles::rows).containsExactly(500L, 300L);
        assertThat(DeltaChecksum.of(read())).isEqualTo(DeltaChecksum.of(rows));
        for (DataFile file : files(snapshot)) {
            List<Row> inFileOrder = spark.read()
                    .parquet(home.tablePath(ACTIVITY.name()) + "/" + file.path())
                    .coalesce(1)
                    .select("user_id", "event_time")
                    .collectAsList();
            assertThat(inFileOrder)
                    .isSortedAccordingTo(java.util.Comparator.<Row, String>comparing(row -> row.getString(0))
                            .thenComparing(row -> row.getTimestamp(1)));
        }
    }

    @Test
    void writesTheWarmCodecAndInstantsThatHaveStatistics() throws Exception {
        new DeltaAppend(spark, home).append(ACTIVITY, ActivityRows.of(spark, "2026-01", 0, 50));

        DataFile file = files(log.snapshot(ACTIVITY.name()).orElseThrow()).get(0);
        org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(home.tablePath(ACTIVITY.name()), file.path());
        try (ParquetFileReader reader = ParquetFileReader.open(HadoopInputFile.fromPath(path, new Configuration()))) {
            assertThat(reader.getFooter().getBlocks().get(0).getColumns())
                    .extracting(ColumnChunkMetaData::getCodec)
                    .containsOnly(CompressionCodecName.LZ4_RAW);
            assertThat(reader.getFooter()
                            .getFileMetaData()
                            .getSchema()
                            .getType("event_time")
                            .getLogicalTypeAnnotation())
                    .isEqualTo(LogicalTypeAnnotation.timestampType(true, LogicalTypeAnnotation.TimeUnit.MICROS));
        }
    }

    @Test
    void commitsANamedVersionOnce() {
        DeltaAppend append = new DeltaAppend(spark, home);
        DeltaAppend.Once once = new DeltaAppend.Once("ingest:1", 7);

        append.append(ACTIVITY, ActivityRows.of(spark, "2026-01", 0, 50), once);
        append.append(ACTIVITY, ActivityRows.of(spark, "2026-01", 0, 50), once);

        assertThat(log.snapshot(ACTIVITY.name()).orElseThrow().rows()).isEqualTo(50);
    }

    @Test
    void fillsColumnsThatRowsLackAndRefusesWhereValuesAreRequired() {
        DeltaAppend append = new DeltaAppend(spark, home);
        Dataset<Row> rows = ActivityRows.of(spark, "2026-01", 0, 10);

        append.append(ACTIVITY, rows.drop("language"));

        assertThat(DeltaChecksum.of(read())).isEqualTo(DeltaChecksum.of(rows)).isNotEqualTo(RowChecksum.ZERO);
        assertThatThrownBy(() -> append.append(ACTIVITY, rows.drop("user_id")))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("user_id");
    }

    private Dataset<Row> read() {
        return spark.read().format("delta").load(home.tablePath(ACTIVITY.name()));
    }

    private static List<DataFile> files(TableSnapshot snapshot) {
        List<DataFile> files = new ArrayList<>();
        snapshot.partitions().forEach(partition -> files.addAll(partition.files()));
        return files;
    }
}
