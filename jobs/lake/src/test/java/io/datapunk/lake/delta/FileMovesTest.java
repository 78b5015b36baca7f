package io.datapunk.lake.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.config.TieringConfig;
import io.datapunk.lake.model.DataFile;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.FileTier;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.PartitionFiles;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.RowChecksum;
import io.datapunk.lake.model.Tier;
import io.datapunk.lake.model.Verification;
import io.datapunk.lake.model.table.ActivityTable;
import io.datapunk.lake.model.table.MessagesTable;
import io.datapunk.lake.model.table.TableDefinition;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileMovesTest {
    private static final TableDefinition ACTIVITY = ActivityTable.DEFINITION;
    private static final DatasetName NAME = ACTIVITY.name();
    private static final PartitionName JANUARY = PartitionName.parse("user_data.activity/month=2026-01");
    private static final PartitionName FEBRUARY = PartitionName.parse("user_data.activity/month=2026-02");
    private static final Instant NOW = Instant.parse("2026-11-21T00:00:00Z");

    private final SparkSession spark = LocalSpark.session();

    @TempDir
    Path folder;

    private LakeHome home;
    private TableLog log;
    private DeltaAppend append;
    private FileMoves moves;
    private KernelReader kernel;

    @BeforeEach
    void createTableWithTwoMonths() {
        home = LocalHome.under(folder);
        log = new TableLog(home);
        append = new DeltaAppend(spark, home);
        TieringConfig config = LakeConfig.load(null, Map.of(), Map.of()).tiering();
        moves = new FileMoves(spark, home, config, key -> {});
        kernel = new KernelReader(home);
        DeltaTables.ensure(spark, home, ACTIVITY);
        append.append(
                ACTIVITY,
                ActivityRows.of(spark, "2026-01", 0, 2000).union(ActivityRows.of(spark, "2026-02", 2000, 2500)));
    }

    @Test
    void everyReaderSeesTheSameRowsBeforeBetweenAndAfterMoves() {
        RowChecksum before = kernel.checksum(NAME);
        assertThat(before).isEqualTo(DeltaChecksum.of(read()));

        StagedMove cold = moves.copy(files(JANUARY), Tier.COLD);
        assertThat(kernel.checksum(NAME)).isEqualTo(before);
        assertThat(moves.verify(cold).matches()).isTrue();
        long coldVersion = moves.commit(List.of(cold), NOW);

        assertThat(files(JANUARY).tier()).isEqualTo(FileTier.COLD);
        assertThat(files(FEBRUARY).tier()).isEqualTo(FileTier.WARM);
        assertThat(kernel.checksum(NAME)).isEqualTo(before);
        assertThat(DeltaChecksum.of(read())).isEqualTo(before);

        move(JANUARY, Tier.WARM);

        assertThat(files(JANUARY).tier()).isEqualTo(FileTier.WARM);
        assertThat(kernel.checksum(NAME)).isEqualTo(before);
        assertThat(DeltaChecksum.of(read())).isEqualTo(before);
        for (long version = 1; version <= coldVersion + 1; version++) {
            assertThat(kernel.checksum(NAME, OptionalLong.of(version)))
                    .as("version " + version)
                    .isEqualTo(before);
        }
    }

    @Test
    void carriesPagesOverAndKeepsRowsInTheirOrder() throws Exception {
        DataFile warm = files(JANUARY).files().get(0);
        List<String> order = ids(warm);

        move(JANUARY, Tier.COLD);

        DataFile cold = files(JANUARY).files().get(0);
        assertThat(cold.path()).startsWith("cold/default/2026/month=2026-01/").contains("-pages-");
        assertThat(ids(cold)).isEqualTo(order);
        assertThat(blocks(cold))
                .flatExtracting(BlockMetaData::getColumns)
                .extracting(ColumnChunkMetaData::getCodec)
                .containsOnly(CompressionCodecName.ZSTD);
        assertThat(bounds(cold)).isEqualTo(bounds(warm));
        assertThat(cold.bytes()).isLessThan(warm.bytes());

        move(JANUARY, Tier.WARM);

        DataFile again = files(JANUARY).files().get(0);
        assertThat(again.path()).startsWith("month=2026-01/");
        assertThat(ids(again)).isEqualTo(order);
        assertThat(blocks(again))
                .flatExtracting(BlockMetaData::getColumns)
                .extracting(ColumnChunkMetaData::getCodec)
                .containsOnly(CompressionCodecName.LZ4_RAW);
        assertThat(again.bytes()).isCloseTo(warm.bytes(), org.assertj.core.data.Percentage.withPercentage(1));
    }

    @Test
    void notesOnFilesWhenTheirRowsWereWrittenAndKeepsTheStatistics() {
        DataFile warm = files(JANUARY).files().get(0);

        move(JANUARY, Tier.COLD);

        DataFile cold = files(JANUARY).files().get(0);
        assertThat(cold.tags())
                .containsEntry(FileTags.CODEC, "zstd:19")
                .containsEntry(FileTags.MOVED_AT, NOW.toString());
        assertThat(FileTags.writtenAt(cold)).isEqualTo(Instant.ofEpochMilli(warm.modificationTime()));
        assertThat(FileTags.movedAt(cold)).contains(NOW);
        assertThat(cold.rows()).isEqualTo(warm.rows());
        Row statistics = spark.read()
                .json(home.tablePath(NAME) + "/_delta_log/00000000000000000002.json")
                .where("add is not null")
                .selectExpr("get_json_object(add.stats, '$.minValues.event_time')", "add.dataChange")
                .head();
        assertThat(statistics.getString(0)).startsWith("2026-01-01T");
        assertThat(statistics.getBoolean(1)).isFalse();
    }

    @Test
    void mergesSmallFilesIntoOneThatIsSorted() {
        append.append(ACTIVITY, ActivityRows.of(spark, "2026-01", 5000, 5100));
        append.append(ACTIVITY, ActivityRows.of(spark, "2026-01", 6000, 6100));
        RowChecksum before = kernel.checksum(NAME);
        assertThat(files(JANUARY).files()).hasSizeGreaterThan(2);

        move(JANUARY, Tier.COLD);

        assertThat(files(JANUARY).files()).hasSize(1);
        DataFile merged = files(JANUARY).files().get(0);
        assertThat(merged.path()).contains("-rows-");
        assertThat(merged.rows()).isEqualTo(2200);
        assertThat(kernel.checksum(NAME)).isEqualTo(before);
        assertThat(spark.read()
                        .parquet(absolute(merged))
                        .coalesce(1)
                        .select("user_id", "event_time")
                        .collectAsList())
                .isSortedAccordingTo(java.util.Comparator.<Row, String>comparing(row -> row.getString(0))
                        .thenComparing(row -> row.getTimestamp(1)));
        Row statistics = spark.read()
                .json(home.tablePath(NAME) + "/_delta_log/00000000000000000004.json")
                .where("add is not null")
                .selectExpr(
                        "get_json_object(add.stats, '$.minValues.event_time')",
                        "get_json_object(add.stats, '$.minValues.title')")
                .head();
        assertThat(statistics.getString(0)).startsWith("2026-01-01T");
        assertThat(statistics.isNullAt(1)).isTrue();
    }

    @Test
    void leavesMaskedRowsOutAndRefusesWhereRowsHaveIds() {
        spark.sql("ALTER TABLE delta.`" + home.tablePath(NAME)
                + "` SET TBLPROPERTIES ('delta.enableDeletionVectors' = 'true')");
        spark.sql("DELETE FROM delta.`" + home.tablePath(NAME) + "` WHERE month = '2026-01' AND position % 10 = 0");
        assertThat(files(JANUARY).files()).anyMatch(DataFile::hasDeletionVector);
        RowChecksum before = kernel.checksum(NAME);

        move(JANUARY, Tier.COLD);

        assertThat(files(JANUARY).tier()).isEqualTo(FileTier.COLD);
        assertThat(files(JANUARY).files()).noneMatch(DataFile::hasDeletionVector);
        assertThat(files(JANUARY).rows()).isEqualTo(1800);
        assertThat(kernel.checksum(NAME)).isEqualTo(before);

        spark.sql("ALTER TABLE delta.`" + home.tablePath(NAME)
                + "` SET TBLPROPERTIES ('delta.enableRowTracking' = 'true')");
        spark.sql("DELETE FROM delta.`" + home.tablePath(NAME) + "` WHERE month = '2026-02' AND position % 10 = 0");
        assertThatThrownBy(() -> moves.copy(files(FEBRUARY), Tier.COLD))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("deletion vectors");
    }

    @Test
    void carriesRowIdsOver() {
        spark.sql("ALTER TABLE delta.`" + home.tablePath(NAME)
                + "` SET TBLPROPERTIES ('delta.enableRowTracking' = 'true')");
        String ids = "SELECT id, _metadata.row_id, _metadata.row_commit_version FROM delta.`" + home.tablePath(NAME)
                + "` ORDER BY id";
        List<Row> before = spark.sql(ids).collectAsList();

        move(JANUARY, Tier.COLD);

        assertThat(spark.sql(ids).collectAsList()).isEqualTo(before);
    }

    @Test
    void letsRowsThatAreAppendedMeanwhileSurvive() {
        StagedMove move = moves.copy(files(JANUARY), Tier.COLD);
        assertThat(moves.verify(move).matches()).isTrue();
        append.append(ACTIVITY, ActivityRows.of(spark, "2026-01", 9000, 9010));
        RowChecksum before = kernel.checksum(NAME);

        moves.commit(List.of(move), NOW);

        assertThat(kernel.checksum(NAME)).isEqualTo(before);
        assertThat(files(JANUARY).tier()).isEqualTo(FileTier.MIXED);

        move(JANUARY, Tier.COLD);

        assertThat(files(JANUARY).tier()).isEqualTo(FileTier.COLD);
        assertThat(kernel.checksum(NAME)).isEqualTo(before);
    }

    @Test
    void keepsNestedValuesWhetherPagesOrRowsAreWritten() {
        DatasetName messages = MessagesTable.DEFINITION.name();
        PartitionName january = PartitionName.of(messages, "month", "2026-01");
        DeltaTables.ensure(spark, home, MessagesTable.DEFINITION);
        Dataset<Row> rows = ActivityRows.of(spark, "2026-01", 0, 300)
                .selectExpr(
                        "*",
                        "if(position % 3 = 0, null, array(title, 'b@example.org')) as recipients",
                        "array() as labels",
                        "if(position % 4 = 0, null, array(named_struct('name', title, 'media_type', null, 'bytes',"
                                + " position, 'sha256', null))) as attachments");
        append.append(MessagesTable.DEFINITION, rows.where("position < 200"));
        RowChecksum one = kernel.checksum(messages);

        assertThat(moveAll(january, Tier.COLD)).allMatch(path -> path.contains("-pages-"));
        assertThat(kernel.checksum(messages)).isEqualTo(one);
        assertThat(moveAll(january, Tier.WARM)).allMatch(path -> path.contains("-pages-"));
        append.append(MessagesTable.DEFINITION, rows.where("position >= 200"));
        RowChecksum both = kernel.checksum(messages);
        assertThat(both.rows()).isEqualTo(300);

        assertThat(moveAll(january, Tier.COLD)).hasSize(1).allMatch(path -> path.contains("-rows-"));
        assertThat(kernel.checksum(messages)).isEqualTo(both);
        assertThat(DeltaChecksum.of(spark.read().format("delta").load(home.tablePath(messages))))
                .isEqualTo(both);
    }

    private List<String> moveAll(PartitionName partition, Tier target) {
        StagedMove move = moves.copy(
                log.snapshot(partition.dataset())
                        .orElseThrow()
                        .partition(partition)
                        .orElseThrow(),
                target);
        assertThat(moves.verify(move).matches()).isTrue();
        moves.commit(List.of(move), NOW);
        return move.paths();
    }

    @Test
    void movesBesideAWriterThatNeverStops() throws Exception {
        RowChecksum before = kernel.checksum(NAME);
        Dataset<Row> more = ActivityRows.of(spark, "2026-01", 9000, 9020);
        AtomicBoolean stop = new AtomicBoolean();
        ExecutorService writer = Executors.newSingleThreadExecutor();
        Future<Integer> appended = writer.submit(() -> {
            int appends = 0;
            while (!stop.get() || appends < 3) {
                append.append(ACTIVITY, more);
                appends++;
            }
            return appends;
        });

        move(JANUARY, Tier.COLD);
        move(FEBRUARY, Tier.COLD);
        stop.set(true);
        writer.shutdown();

        RowChecksum expected = before;
        for (int i = 0; i < appended.get(); i++) {
            expected = expected.plus(DeltaChecksum.of(more));
        }
        assertThat(kernel.checksum(NAME)).isEqualTo(expected);
        assertThat(files(JANUARY).tier()).isEqualTo(FileTier.MIXED);
        assertThat(files(FEBRUARY).tier()).isEqualTo(FileTier.COLD);
    }

    @Test
    void refusesToSwitchWhatWasRewrittenMeanwhile() {
        StagedMove january = moves.copy(files(JANUARY), Tier.COLD);
        StagedMove february = moves.copy(files(FEBRUARY), Tier.COLD);
        assertThat(moves.verify(january).matches()).isTrue();
        assertThat(moves.verify(february).matches()).isTrue();
        spark.sql("DELETE FROM delta.`" + home.tablePath(NAME) + "` WHERE month = '2026-01' AND position = 7");
        RowChecksum before = kernel.checksum(NAME);

        assertThat(moves.drifted(List.of(january, february))).containsExactly(january);
        assertThatThrownBy(() -> moves.commit(List.of(january, february), NOW))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("user_data.activity/month=2026-01 cannot be moved");
        assertThat(kernel.checksum(NAME)).isEqualTo(before);
        assertThat(files(FEBRUARY).tier()).isEqualTo(FileTier.WARM);

        moves.commit(List.of(february), NOW);
        moves.discard(january);

        assertThat(files(FEBRUARY).tier()).isEqualTo(FileTier.COLD);
        assertThat(dataFiles().stream().filter(path -> path.contains("cold/default/2026/month=2026-01")))
                .isEmpty();
        assertThat(kernel.checksum(NAME)).isEqualTo(before);
    }

    @Test
    void switchesSeveralPartitionsInOneCommit() {
        long version = log.snapshot(NAME).orElseThrow().version();
        List<StagedMove> staged = moves.copy(List.of(files(JANUARY), files(FEBRUARY)), Tier.COLD);
        assertThat(moves.verify(staged))
                .extracting(verification -> verification.expected().rows(), Verification::matches)
                .containsExactly(tuple(2000L, true), tuple(500L, true));

        assertThat(moves.commit(staged, NOW)).isEqualTo(version + 1);

        assertThat(log.snapshot(NAME).orElseThrow().partitions())
                .extracting(PartitionFiles::tier)
                .containsOnly(FileTier.COLD);
    }

    @Test
    void doesNotCommitWhatWasNotVerifiedOrDoesNotMatch() throws Exception {
        StagedMove move = moves.copy(files(JANUARY), Tier.COLD);
        assertThatThrownBy(() -> moves.commit(List.of(move), NOW)).isInstanceOf(IllegalStateException.class);

        // A copy of other rows in the place of the right one.
        StagedMove other = moves.copy(files(FEBRUARY), Tier.COLD);
        Path right = Path.of(home.tablePath(NAME), move.paths().get(0));
        Path wrong = Path.of(home.tablePath(NAME), other.paths().get(0));
        Files.delete(right.resolveSibling("." + right.getFileName() + ".crc"));
        Files.copy(wrong, right, java.nio.file.StandardCopyOption.REPLACE_EXISTING);

        Verification verification = moves.verify(move);
        assertThat(verification.matches()).isFalse();
        assertThat(verification.expected().rows()).isEqualTo(2000);
        assertThat(verification.found().rows()).isEqualTo(500);
        assertThatThrownBy(() -> moves.commit(List.of(move), NOW)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void ofSeveralCopiesItTellsTheOneThatIsWrong() throws Exception {
        List<StagedMove> staged = moves.copy(List.of(files(JANUARY), files(FEBRUARY)), Tier.COLD);
        StagedMove again = moves.copy(files(JANUARY), Tier.COLD);
        Path right = Path.of(home.tablePath(NAME), staged.get(1).paths().get(0));
        Files.delete(right.resolveSibling("." + right.getFileName() + ".crc"));
        Files.copy(
                Path.of(home.tablePath(NAME), again.paths().get(0)),
                right,
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);

        assertThat(moves.verify(staged)).extracting(Verification::matches).containsExactly(true, false);
        assertThatThrownBy(() -> moves.commit(staged, NOW)).isInstanceOf(IllegalStateException.class);
        moves.commit(List.of(staged.get(0)), NOW);
        assertThat(files(JANUARY).tier()).isEqualTo(FileTier.COLD);
        assertThat(files(FEBRUARY).tier()).isEqualTo(FileTier.WARM);
    }

    @Test
    void movesRowsWithoutAPartitionValueBesideOthers() {
        DatasetName foreign = DatasetName.parse("user_data.foreign");
        spark.range(0, 300, 1, 1)
                .selectExpr("id", "if(id < 100, null, '2026-01') as month")
                .write()
                .format("delta")
                .partitionBy("month")
                .save(home.tablePath(foreign));
        RowChecksum before = kernel.checksum(foreign);
        List<PartitionFiles> both = log.snapshot(foreign).orElseThrow().partitions();

        List<StagedMove> staged = moves.copy(both, Tier.COLD);
        assertThat(moves.verify(staged))
                .extracting(verification -> verification.found().rows(), Verification::matches)
                .containsExactlyInAnyOrder(tuple(100L, true), tuple(200L, true));
        moves.commit(staged, NOW);

        assertThat(log.snapshot(foreign).orElseThrow().partitions())
                .extracting(PartitionFiles::tier)
                .containsExactly(FileTier.COLD, FileTier.COLD);
        assertThat(kernel.checksum(foreign)).isEqualTo(before);
    }

    @Test
    void leavesNoFilesOfACopyThatFails() throws Exception {
        Set<String> before = dataFiles();
        damage(files(FEBRUARY).files().get(0));

        assertThatThrownBy(() -> moves.copy(List.of(files(JANUARY), files(FEBRUARY)), Tier.COLD))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("user_data.activity/month=2026-01, user_data.activity/month=2026-02 cannot be");

        assertThat(dataFiles()).isEqualTo(before);
    }

    private void damage(DataFile damaged) throws Exception {
        Path file = Path.of(home.tablePath(NAME), damaged.path());
        Files.delete(file.resolveSibling("." + file.getFileName() + ".crc"));
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(bytes.length() / 3);
            int other = bytes.read() ^ 0x55;
            bytes.seek(bytes.length() / 3);
            bytes.write(other);
        }
    }

    @Test
    void doesNotCarryOverDamagedPages() throws Exception {
        damage(files(JANUARY).files().get(0));

        assertThatThrownBy(() -> moves.copy(files(JANUARY), Tier.COLD))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("user_data.activity/month=2026-01 cannot be copied")
                .hasMessageContaining("CRC checksum verification failed");
    }

    @Test
    void keepsTheRowsWhenAJobDiesBetweenCopyAndCommit() {
        RowChecksum before = kernel.checksum(NAME);
        StagedMove lost = moves.copy(files(JANUARY), Tier.COLD);
        assertThat(moves.verify(lost).matches()).isTrue();

        // The job that follows knows nothing of the first one.
        move(JANUARY, Tier.COLD);

        assertThat(kernel.checksum(NAME)).isEqualTo(before);
        assertThat(files(JANUARY).files())
                .extracting(DataFile::path)
                .doesNotContainAnyElementsOf(lost.paths())
                .hasSize(1);
    }

    @Test
    void aPlainVacuumRemovesWhatWasRetiredAndKeepsColdFiles() {
        RowChecksum before = kernel.checksum(NAME);
        StagedMove lost = moves.copy(files(FEBRUARY), Tier.COLD);
        String retired = files(JANUARY).files().get(0).path();
        move(JANUARY, Tier.COLD);
        String cold = files(JANUARY).files().get(0).path();

        spark.conf().set("spark.databricks.delta.retentionDurationCheck.enabled", "false");
        try {
            spark.sql("VACUUM delta.`" + home.tablePath(NAME) + "` RETAIN 0 HOURS");
        } finally {
            spark.conf().unset("spark.databricks.delta.retentionDurationCheck.enabled");
        }

        assertThat(dataFiles()).contains(cold).doesNotContain(retired).doesNotContainAnyElementsOf(lost.paths());
        assertThat(kernel.checksum(NAME)).isEqualTo(before);
    }

    @Test
    void aDeleteOnAColdPartitionMakesItMixed() {
        append.append(ACTIVITY, ActivityRows.of(spark, "2026-01", 3000, 3200));
        StagedMove second = null;
        // Two cold files: each month's file is moved by itself.
        PartitionFiles january = files(JANUARY);
        for (DataFile file : january.files()) {
            second = moves.copy(new PartitionFiles(JANUARY, january.deltaVersion(), List.of(file)), Tier.COLD);
            assertThat(moves.verify(second).matches()).isTrue();
            moves.commit(List.of(second), NOW);
        }
        assertThat(second).isNotNull();
        assertThat(files(JANUARY).tier()).isEqualTo(FileTier.COLD);

        spark.sql("DELETE FROM delta.`" + home.tablePath(NAME) + "` WHERE month = '2026-01' AND position = 3100");

        assertThat(files(JANUARY).tier()).isEqualTo(FileTier.MIXED);
        assertThat(kernel.checksum(NAME).rows()).isEqualTo(2699);
    }

    @Test
    void refusesToMoveWhatLiesThereAlready() {
        move(JANUARY, Tier.COLD);

        assertThatThrownBy(() -> moves.copy(files(JANUARY), Tier.COLD))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("lie there already");
    }

    private void move(PartitionName partition, Tier target) {
        StagedMove move = moves.copy(files(partition), target);
        Verification verification = moves.verify(move);
        assertThat(verification.found()).isEqualTo(verification.expected());
        moves.commit(List.of(move), NOW);
    }

    private PartitionFiles files(PartitionName partition) {
        return log.snapshot(NAME).orElseThrow().partition(partition).orElseThrow();
    }

    private Dataset<Row> read() {
        return spark.read().format("delta").load(home.tablePath(NAME));
    }

    private String absolute(DataFile file) {
        return home.tablePath(NAME) + "/" + file.path();
    }

    private List<String> ids(DataFile file) {
        return spark.read().parquet(absolute(file)).coalesce(1).select("id").collectAsList().stream()
                .map(row -> row.getString(0))
                .toList();
    }

    private List<BlockMetaData> blocks(DataFile file) throws Exception {
        org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(absolute(file));
        try (ParquetFileReader reader = ParquetFileReader.open(HadoopInputFile.fromPath(path, new Configuration()))) {
            return reader.getFooter().getBlocks();
        }
    }

    /** What the footer says of each column's values. */
    private List<String> bounds(DataFile file) throws Exception {
        return blocks(file).stream()
                .flatMap(block -> block.getColumns().stream())
                .map(column -> column.getPath() + " " + column.getStatistics() + " " + column.getEncodings())
                .toList();
    }

    private Set<String> dataFiles() {
        Path root = Path.of(home.tablePath(NAME));
        try (Stream<Path> paths = Files.walk(root)) {
            return paths.filter(path -> path.toString().endsWith(".parquet"))
                    .map(path -> root.relativize(path).toString())
                    .filter(path -> !path.startsWith("_"))
                    .collect(Collectors.toSet());
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
