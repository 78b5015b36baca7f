package io.datapunk.archive.create;

import io.datapunk.archive.bag.PackagedRows;
import io.datapunk.archive.create.PackageMaker.Owned;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.DeltaChecksum;
import io.datapunk.lake.delta.PartitionRows;
import io.datapunk.lake.delta.TableLog;
import io.datapunk.lake.encryption.KeyOwner;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.PartitionFiles;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.model.RowChecksum;
import io.datapunk.lake.model.table.EventColumns;
import io.datapunk.lake.model.table.ProvenanceColumns;
import io.datapunk.lake.storage.Stores;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * Packs the rows of a partition: one Parquet file for each person, uncompressed, because the package compresses better than
 * Parquet's pages can, and under the person's own key. The rows stay in their table: a package is a copy. The same rows
 * again make no package.
 */
public final class CreatePartitionPackageJob {
    /** Not the name of any table's column: user_id stays in the files. */
    private static final String OWNER = "archive__owner";

    private static final String NOBODY = "nobody";

    private final SparkSession spark;
    private final LakeConfig config;
    private final LakeHome home;
    private final Configuration stores;

    public CreatePartitionPackageJob(SparkSession spark, LakeConfig config, LakeHome home) {
        this.spark = spark;
        this.config = config;
        this.home = home;
        this.stores = Stores.configuration(config);
    }

    /** @param reason why, in one line */
    public record Request(PartitionName partition, String reason, Instant now) {}

    /**
     * What was done.
     *
     * @param path the package's folder below the archive; an older one where it holds just these rows already
     * @param newlyMade false where an older package holds the same
     * @param persons whose rows they are
     */
    public record Report(
            String path,
            boolean newlyMade,
            PartitionName partition,
            long deltaVersion,
            long rows,
            long persons,
            long bytes,
            long newBytes,
            long storedBytes,
            List<String> warnings) {}

    /** @throws LakeException where there is no such partition, the keys cannot be had, or another run is under way */
    public Report run(Request request, Progress progress) {
        PartitionFiles files = find(request.partition());
        // Where all tasks reach it; in a folder it goes with the run's own staging.
        Path written = new Path(home.root() + "/staging/" + Packaging.JOB + "/rows");
        Map<String, RowChecksum> rows = new TreeMap<>();
        Packaging.Packed packed;
        try {
            packed = new Packaging(spark, config, home)
                    .run(request.now(), progress, staging -> material(request, files, written, rows));
        } finally {
            delete(written);
        }
        return new Report(
                packed.folder().path(),
                packed.newlyMade(),
                request.partition(),
                files.deltaVersion(),
                rows.values().stream().mapToLong(RowChecksum::rows).sum(),
                packed.scan().entries().keySet().stream()
                        .filter(owner -> owner.person().isPresent())
                        .count(),
                packed.scan().bytes(),
                packed.made().newBytes(),
                packed.made().storedBytes(),
                packed.warnings());
    }

    private Packaging.Material material(
            Request request, PartitionFiles files, Path written, Map<String, RowChecksum> rows) throws IOException {
        delete(written);
        rows.putAll(write(files, written));
        List<Owned> sources = list(written.getFileSystem(stores), written, request.partition(), rows);
        return new Packaging.Material(
                sources,
                Map.of(),
                Packaging.Identity.NAMES,
                config.tiering(request.partition().dataset()).cold().category(),
                request.partition().dataset().toString(),
                config.archive().partition(),
                request.reason(),
                Optional.of(new PackagedRows(
                        request.partition(),
                        rows.values().stream().mapToLong(RowChecksum::rows).sum())),
                folder -> new ArchivedRows(spark, home)
                        .append(
                                folder,
                                request.partition(),
                                spark.read().parquet(written.toString()),
                                entries(sources),
                                request.now()));
    }

    /** Entries by the files that they were written to, as {@code <folder>/<name>}. */
    private static Map<String, String> entries(List<Owned> sources) {
        Map<String, String> entries = new TreeMap<>();
        for (Owned owned : sources) {
            if (owned.source() instanceof StagedFile file) {
                Path location = new Path(file.location());
                entries.put(location.getParent().getName() + "/" + location.getName(), file.path());
            }
        }
        return entries;
    }

    private PartitionFiles find(PartitionName partition) {
        return new TableLog(home, stores)
                .snapshot(partition.dataset())
                .flatMap(snapshot -> snapshot.partitions().stream()
                        .filter(files -> files.partition().equals(partition))
                        .findFirst())
                .orElseThrow(() -> LakeException.usage(
                        "there is no partition " + partition,
                        "no live file of the table belongs to it",
                        "`lake tier status` lists the partitions"));
    }

    /** Writes the rows, and compares what was written with the table, owner by owner. */
    private Map<String, RowChecksum> write(PartitionFiles files, Path target) {
        Dataset<Row> rows = PartitionRows.of(spark, home, files);
        List<String> columns = List.of(rows.columns());
        Dataset<Row> owned = rows.withColumn(
                OWNER,
                columns.contains(ProvenanceColumns.USER_ID)
                        ? functions.coalesce(functions.col(ProvenanceColumns.USER_ID), functions.lit(NOBODY))
                        : functions.lit(NOBODY));
        // Rows of one time stay together, which compresses; and the same rows become the same pages.
        Column[] order = Stream.concat(
                        Stream.of(OWNER),
                        Stream.of(EventColumns.EVENT_TIME, ProvenanceColumns.ID).filter(columns::contains))
                .map(functions::col)
                .toArray(Column[]::new);
        owned.repartition(functions.col(OWNER))
                .sortWithinPartitions(order)
                .write()
                .option("compression", "uncompressed")
                .partitionBy(OWNER)
                .parquet(target.toString());
        Map<String, RowChecksum> expected = DeltaChecksum.byPartition(owned, OWNER);
        // With its schema: Spark would take an owner of digits alone for a number.
        Map<String, RowChecksum> found =
                DeltaChecksum.byPartition(spark.read().schema(owned.schema()).parquet(target.toString()), OWNER);
        if (!found.equals(expected)) {
            throw LakeException.gate(
                    files.partition() + " was not written as it is",
                    "its table has " + expected + ", and what was to be archived " + found,
                    "run `lake doctor`; nothing was archived");
        }
        return expected;
    }

    /** Entries are called after the rows in them: Parquet's footers differ from one Java process to the next. */
    private static List<Owned> list(
            FileSystem store, Path written, PartitionName partition, Map<String, RowChecksum> rows) throws IOException {
        List<Owned> sources = new ArrayList<>();
        for (Map.Entry<String, RowChecksum> owned : rows.entrySet()) {
            KeyOwner owner = owned.getKey().equals(NOBODY) ? KeyOwner.LAKE : KeyOwner.person(owned.getKey());
            int number = 0;
            for (FileStatus file : store.listStatus(new Path(written, OWNER + "=" + owned.getKey()))) {
                if (file.getPath().getName().endsWith(".parquet")) {
                    String name = "%s/%s-%05d.parquet"
                            .formatted(partition, owned.getValue().hex(), number++);
                    sources.add(
                            new Owned(owner, new StagedFile(name, file.getPath().toString(), file.getLen())));
                }
            }
        }
        return sources;
    }

    private void delete(Path written) {
        try {
            written.getFileSystem(stores).delete(written, true);
        } catch (IOException e) {
            throw LakeException.failed(
                    "what was written to be archived cannot be removed",
                    written + ": " + e.getMessage(),
                    "remove it: it holds rows that are not encrypted",
                    e);
        }
    }
}
