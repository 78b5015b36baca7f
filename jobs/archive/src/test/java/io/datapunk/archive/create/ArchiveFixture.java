package io.datapunk.archive.create;

import io.datapunk.archive.restore.RestorePackageJob;
import io.datapunk.archive.restore.VerifyPackagesJob;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.DeltaAppend;
import io.datapunk.lake.delta.DeltaSchemas;
import io.datapunk.lake.delta.DeltaTables;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.model.table.ActivityTable;
import io.datapunk.lake.model.table.UsersTable;
import io.datapunk.lake.spark.LakeSession;
import io.datapunk.testkit.KeystoreFile;
import io.datapunk.testkit.SharedSpark;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;

/** A lake with two persons, and a keystore beside it. */
public final class ArchiveFixture {
    public static final Instant NOW = Instant.parse("2026-11-26T06:05:00Z");
    public static final String ANN = "a".repeat(32);
    public static final String BOB = "b".repeat(32);

    public final Path folder;
    public final LakeConfig config;
    public final LakeHome home;
    public final SparkSession spark;

    private ArchiveFixture(Path folder, Path file, Map<String, String> settings) {
        this.folder = folder;
        this.config = config(file, settings);
        this.home = LakeHome.open(config);
        this.spark = SharedSpark.session(folder.resolve("home"));
    }

    public ArchiveFixture(Path folder) {
        this(folder, null, Map.of());
        KeystoreFile.write(folder.resolve("keys.p12"), "lake-archive-1", "lake-archive-2");
        DeltaTables.ensure(spark, home, UsersTable.DEFINITION);
        new DeltaAppend(spark, home)
                .append(
                        UsersTable.DEFINITION,
                        spark.createDataFrame(
                                List.of(RowFactory.create(ANN, "ann", NOW), RowFactory.create(BOB, "bob", NOW)),
                                DeltaSchemas.structType(UsersTable.DEFINITION)));
    }

    /** A copy of a lake as it is now: to make one takes seconds. */
    public ArchiveFixture copy(Path target) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted().toList()) {
                Path copy = target.resolve(folder.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(file, copy);
                    // Tests damage what packages protect.
                    copy.toFile().setWritable(true);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return existing(target);
    }

    /** A lake that another process has made. */
    public static ArchiveFixture existing(Path folder) {
        return new ArchiveFixture(folder, null, Map.of());
    }

    /** The same lake under other settings. */
    public ArchiveFixture with(Map<String, String> settings) {
        return new ArchiveFixture(folder, null, settings);
    }

    /** The same lake with a configuration file. */
    public ArchiveFixture withFile(Path file) {
        return new ArchiveFixture(folder, file, Map.of());
    }

    private LakeConfig config(Path file, Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(Map.of(
                "lake.home", folder.resolve("home").toString(),
                "lake.storage.encryption.keystore", folder.resolve("keys.p12").toString(),
                "lake.archive.export.segment", "1 MiB"));
        all.putAll(settings);
        return LakeConfig.load(file, Map.of("LAKE_STORAGE_ENCRYPTION_KEYSTORE_PASSWORD", KeystoreFile.PASSWORD), all);
    }

    public CreateExportPackageJob.Report create(Path export, String user) {
        return create(export, user, "gdpr");
    }

    public CreateExportPackageJob.Report create(Path export, String user, String category) {
        return new CreateExportPackageJob(spark, config, home)
                .run(new CreateExportPackageJob.Request(List.of(export), user, category, "a test", NOW), Progress.NONE);
    }

    /** Ann's and Bob's rows of a month, which entered the lake on 1 May 2026. */
    public void activities(String month, int from, int count) {
        activities(month, from, count, "2026-05-01");
    }

    /** @param ingested the day on which they entered the lake */
    public void activities(String month, int from, int count, String ingested) {
        DeltaTables.ensure(spark, home, ActivityTable.DEFINITION);
        new DeltaAppend(spark, home)
                .append(
                        ActivityTable.DEFINITION,
                        spark.range(from, from + count)
                                .selectExpr(
                                        "md5(cast(id as string)) AS id",
                                        "'m' AS match_key",
                                        "if(id % 3 = 0, '" + ANN + "', '" + BOB + "') AS user_id",
                                        "'takeout' AS source",
                                        "'i1' AS import_id",
                                        "'e' AS entry",
                                        "id AS position",
                                        "TIMESTAMP '" + ingested + " 00:00:00' AS ingested_at",
                                        "timestampadd(MINUTE, cast(id as int), TIMESTAMP '" + month
                                                + "-05 10:00:00') AS event_time",
                                        "'exact' AS zone_certainty",
                                        "'" + month + "' AS month",
                                        "'Search' AS product",
                                        "'searched' AS kind",
                                        "'a searched title' AS title"));
    }

    public VerifyPackagesJob.Report verify() {
        return verify(false);
    }

    VerifyPackagesJob.Report verify(boolean filesOnly) {
        return new VerifyPackagesJob(config, home).run(Optional.empty(), filesOnly, NOW, Progress.NONE);
    }

    public RestorePackageJob.Report restore(String name, Optional<String> entries, Path target) {
        return new RestorePackageJob(config, home)
                .run(new RestorePackageJob.Request(name, entries, target, NOW), Progress.NONE);
    }

    public Path archive() {
        return Path.of(home.archivePath());
    }

    /** Not heard as an access: the recorder would write into a home that the test has removed. */
    public List<Row> sql(String query) {
        return LakeSession.internal(spark, () -> spark.sql(query).collectAsList());
    }

    /** What a folder holds, by path. */
    public static SortedMap<String, byte[]> files(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            SortedMap<String, byte[]> files = new TreeMap<>();
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                files.put(folder.relativize(file).toString(), Files.readAllBytes(file));
            }
            return files;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
