package io.datapunk.archive.backup;

import io.datapunk.archive.backup.create.CreateBackupJob;
import io.datapunk.archive.backup.restore.AfterRestore;
import io.datapunk.archive.backup.restore.RestoreBackupJob;
import io.datapunk.archive.backup.restore.Selection;
import io.datapunk.archive.backup.verify.BackupDamage;
import io.datapunk.archive.backup.verify.VerifyBackupJob;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.DeltaAppend;
import io.datapunk.lake.delta.DeltaChecksum;
import io.datapunk.lake.delta.DeltaTables;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.model.RowChecksum;
import io.datapunk.lake.model.table.ActivityTable;
import io.datapunk.testkit.FolderCopy;
import io.datapunk.testkit.KeystoreFile;
import io.datapunk.testkit.SharedSpark;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;

/** A lake with one table of three months, a keystore, and two places for backups beside it. */
final class BackupFixture {
    static final Instant NOW = Instant.parse("2026-11-26T02:00:00Z");
    static final DatasetName ACTIVITY = ActivityTable.DEFINITION.name();

    final Path folder;
    final LakeConfig config;
    final LakeHome home;
    final SparkSession spark;

    private BackupFixture(Path folder, Map<String, String> settings) {
        this.folder = folder;
        Map<String, String> all = new HashMap<>(Map.of(
                "lake.home",
                folder.resolve("home").toString(),
                "lake.storage.encryption.keystore",
                folder.resolve("keys.p12").toString(),
                "lake.backup.locations",
                first() + "," + second(),
                "lake.tiering.cold.master-key",
                "lake-cold-1"));
        all.putAll(settings);
        this.config =
                LakeConfig.load(null, Map.of("LAKE_STORAGE_ENCRYPTION_KEYSTORE_PASSWORD", KeystoreFile.PASSWORD), all);
        this.home = LakeHome.open(config);
        this.spark = SharedSpark.session(folder.resolve("home"));
    }

    /** Makes a new one. */
    static BackupFixture make(Path folder) {
        try {
            KeystoreFile.write(folder.resolve("keys.p12"), "lake-backup-1", "lake-backup-2", "lake-cold-1");
            Files.createDirectories(folder.resolve("first"));
            Files.createDirectories(folder.resolve("second"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        BackupFixture lake = new BackupFixture(folder, Map.of());
        DeltaTables.ensure(lake.spark, lake.home, ActivityTable.DEFINITION);
        lake.append("('1', '2026-01-05', 'lakes'), ('2', '2026-02-06', 'punk'), ('3', '2026-03-01', 'zürich')");
        return lake;
    }

    /** One that lies there already. */
    static BackupFixture existing(Path folder, Map<String, String> settings) {
        return new BackupFixture(folder, settings);
    }

    /** A copy of it as it is now. */
    BackupFixture copy(Path target) {
        FolderCopy.of(folder, target);
        return existing(target, Map.of());
    }

    BackupFixture with(Map<String, String> settings) {
        return new BackupFixture(folder, settings);
    }

    String first() {
        return folder.resolve("first").toString();
    }

    String second() {
        return folder.resolve("second").toString();
    }

    /** @param values as {@code ('1', '2026-01-05', 'lakes')}: id, day and title */
    void append(String values) {
        new DeltaAppend(spark, home).append(ActivityTable.DEFINITION, spark.sql("""
                        SELECT id, id AS match_key, 'u1' AS user_id, 'takeout' AS source, 'i1' AS import_id,
                               'e' AS entry, 0L AS position, TIMESTAMP '2026-05-01 00:00:00' AS ingested_at,
                               CAST(day AS TIMESTAMP) AS event_time, 'exact' AS zone_certainty,
                               substr(day, 1, 7) AS month, 'Search' AS product, 'searched' AS kind, title
                        FROM VALUES %s AS t(id, day, title)
                        """.formatted(values)));
    }

    void delete(String where) {
        spark.sql("DELETE FROM delta.`" + home.tablePath(ACTIVITY) + "` WHERE " + where);
    }

    CreateBackupJob.Report create(Instant now) {
        return new CreateBackupJob(spark, config, home)
                .run(new CreateBackupJob.Request(false, false, now), Progress.NONE);
    }

    List<BackupDamage> verify() {
        return verify(List.of(first(), second()), Optional.of(home));
    }

    List<BackupDamage> verify(List<String> locations, Optional<LakeHome> against) {
        return new VerifyBackupJob(config, against)
                .run(new VerifyBackupJob.Request(locations, 1, NOW), Progress.NONE)
                .damages();
    }

    RestoreBackupJob.Report restore(Path target, Selection selection) {
        return restore(target, selection, List.of(first(), second()));
    }

    RestoreBackupJob.Report restore(Path target, Selection selection, List<String> from) {
        return new RestoreBackupJob(
                        () -> spark,
                        config.withHome(target.toString()),
                        RestoreBackupJob.Purpose.COPY,
                        AfterRestore.NOTHING)
                .run(new RestoreBackupJob.Request(from, selection, NOW.plus(Duration.ofHours(1))), Progress.NONE);
    }

    LakeHome restored(Path target) {
        return LakeHome.openExisting(config.withHome(target.toString()));
    }

    RowChecksum rows(LakeHome lake) {
        return DeltaChecksum.of(spark.read().format("delta").load(lake.tablePath(ACTIVITY)));
    }

    /** The titles, in their order. */
    List<String> titles(LakeHome lake) {
        return spark
                .read()
                .format("delta")
                .load(lake.tablePath(ACTIVITY))
                .select("title")
                .orderBy("title")
                .collectAsList()
                .stream()
                .map(row -> row.getString(0))
                .toList();
    }
}
