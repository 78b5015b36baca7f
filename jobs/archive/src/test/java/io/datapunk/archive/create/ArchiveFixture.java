package io.datapunk.archive.create;

import io.datapunk.archive.restore.RestorePackageJob;
import io.datapunk.archive.restore.VerifyPackagesJob;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.DeltaAppend;
import io.datapunk.lake.delta.DeltaSchemas;
import io.datapunk.lake.delta.DeltaTables;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.model.table.UsersTable;
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
final class ArchiveFixture {
    static final Instant NOW = Instant.parse("2026-11-26T06:05:00Z");
    static final String ANN = "a".repeat(32);
    static final String BOB = "b".repeat(32);

    final Path folder;
    final LakeConfig config;
    final LakeHome home;
    final SparkSession spark;

    private ArchiveFixture(Path folder, Map<String, String> settings) {
        this.folder = folder;
        this.config = config(settings);
        this.home = LakeHome.open(config);
        this.spark = SharedSpark.session(folder.resolve("home"));
    }

    ArchiveFixture(Path folder) {
        this(folder, Map.of());
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
    ArchiveFixture copy(Path target) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted().toList()) {
                Path copy = target.resolve(folder.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(file, copy);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return existing(target);
    }

    /** A lake that another process has made. */
    static ArchiveFixture existing(Path folder) {
        return new ArchiveFixture(folder, Map.of());
    }

    /** The same lake under other settings. */
    ArchiveFixture with(Map<String, String> settings) {
        return new ArchiveFixture(folder, settings);
    }

    private LakeConfig config(Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(Map.of(
                "lake.home", folder.resolve("home").toString(),
                "lake.storage.encryption.keystore", folder.resolve("keys.p12").toString(),
                "lake.archive.export.segment", "1 MiB"));
        all.putAll(settings);
        return LakeConfig.load(null, Map.of("LAKE_STORAGE_ENCRYPTION_KEYSTORE_PASSWORD", KeystoreFile.PASSWORD), all);
    }

    CreateExportPackageJob.Report create(Path export, String user) {
        return new CreateExportPackageJob(spark, config, home)
                .run(new CreateExportPackageJob.Request(List.of(export), user, "gdpr", "a test", NOW), Progress.NONE);
    }

    VerifyPackagesJob.Report verify() {
        return verify(false);
    }

    VerifyPackagesJob.Report verify(boolean filesOnly) {
        return new VerifyPackagesJob(config, home).run(Optional.empty(), filesOnly, Progress.NONE);
    }

    RestorePackageJob.Report restore(String name, Optional<String> entries, Path target) {
        return new RestorePackageJob(config, home)
                .run(new RestorePackageJob.Request(name, entries, target, NOW), Progress.NONE);
    }

    Path archive() {
        return Path.of(home.archivePath());
    }

    List<Row> sql(String query) {
        return spark.sql(query).collectAsList();
    }

    /** What a folder holds, by path. */
    static SortedMap<String, byte[]> files(Path folder) {
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
