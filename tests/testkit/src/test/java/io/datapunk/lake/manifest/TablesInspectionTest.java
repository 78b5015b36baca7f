package io.datapunk.lake.manifest;

import static io.datapunk.lake.manifest.SmallLake.NOTES;
import static io.datapunk.lake.manifest.SmallLake.NOW;
import static io.datapunk.lake.manifest.SmallLake.PLACES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.datapunk.lake.audit.AuditRecord;
import io.datapunk.lake.audit.AuditTrail;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.LogNames;
import io.datapunk.lake.manifest.Finding.Kind;
import io.datapunk.lake.model.Progress;
import io.datapunk.testkit.SharedS3;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each damage that readers do not notice, or that makes a table unreadable, is named with its place and its remedy. */
class TablesInspectionTest {
    private static final String RESTORE = "`lake backup restore --dataset user_data.notes`";

    @TempDir
    private static Path folder;

    private static SmallLake lake;
    private static SortedMap<Path, byte[]> whole;

    @BeforeAll
    static void aLake() throws IOException {
        lake = SmallLake.copy(folder, Map.of());
        whole = lake.keep("tables", "manifest", "audit");
    }

    @AfterEach
    void wholeAgain() throws IOException {
        for (Path file : SmallLake.files(folder.resolve("manifest"))) {
            Files.delete(file);
        }
        for (Map.Entry<Path, byte[]> file : whole.entrySet()) {
            Files.write(file.getKey(), file.getValue());
        }
        assertThat(lake.findings()).isEmpty();
    }

    @Test
    void anEmptyNewestCommitThatDeltaReadsAsFewerRows() throws IOException {
        Path commit = lake.log(PLACES, "00000000000000000001.json");
        Files.write(commit, new byte[0]);

        assertThat(lake.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.kind()).isEqualTo(Kind.COMMIT);
            assertThat(finding.place()).isEqualTo(lake.place(commit));
            assertThat(finding.found()).isEqualTo("it is empty");
            assertThat(finding.expected()).contains("bytes with SHA-256 ");
            assertThat(finding.remedy()).startsWith("`lake backup restore --dataset geo.places`");
        });
    }

    @Test
    void aNewCommitThatIsTornBeforeAnyManifestHasIt() throws IOException {
        Path commit = lake.log(PLACES, "00000000000000000002.json");
        byte[] bytes = Files.readAllBytes(lake.log(PLACES, "00000000000000000001.json"));
        try {
            Files.write(commit, Arrays.copyOf(bytes, bytes.length / 2));

            assertThat(lake.findings()).singleElement().satisfies(finding -> {
                assertThat(finding.place()).isEqualTo(lake.place(commit));
                assertThat(finding.found()).startsWith("it is torn: line ");
            });
            assertThat(lake.catchUp()).singleElement().asString().contains("its commit 2 is not whole");
        } finally {
            Files.delete(commit);
        }
    }

    @Test
    void aCommitThatIsMissing() throws IOException {
        Path commit = lake.log(NOTES, "00000000000000000002.json");
        Files.delete(commit);

        assertThat(lake.findings())
                .extracting(Finding::place, Finding::found)
                .containsExactly(tuple(lake.place(commit), "it is missing"));
    }

    @Test
    void aTableThatWasSetBack() throws IOException {
        List<String> removed = lake.dropNewestCommits(2);

        assertThat(lake.findings())
                .filteredOn(finding -> finding.kind() == Kind.COMMIT)
                .extracting(Finding::place)
                .containsExactlyElementsOf(removed);
    }

    @Test
    void aTornCheckpointThatMakesATableUnreadable() throws IOException {
        Path checkpoint = lake.log(NOTES, "00000000000000000004.checkpoint.parquet");
        Files.write(checkpoint, Arrays.copyOf(whole.get(checkpoint), 1000));

        List<Finding> findings = lake.findings();

        assertThat(findings).singleElement().satisfies(finding -> {
            assertThat(finding.kind()).isEqualTo(Kind.CHECKPOINT);
            assertThat(finding.place()).isEqualTo(lake.place(checkpoint));
            assertThat(finding.found()).startsWith("it is torn: 1000 bytes");
            assertThat(finding.remedy())
                    .startsWith("`lake doctor --deep --repair`, which removes " + checkpoint)
                    .endsWith("the commits have all that it says");
        });
        new Repairs(lake.config, lake.home).carryOut(findings.get(0), NOW);
        assertThat(lake.findings()).isEmpty();
        assertThat(lake.spark
                        .newSession()
                        .sql("SELECT * FROM " + lake.table(NOTES))
                        .count())
                .isEqualTo(699);
    }

    @Test
    void aCheckpointOfAnotherVersionWithoutWhichTheTableCannotBeRead() throws IOException {
        Path checkpoint = lake.log(NOTES, "00000000000000000004.checkpoint.parquet");
        Files.write(checkpoint, whole.get(lake.log(NOTES, "00000000000000000002.checkpoint.parquet")));
        for (int version = 0; version < 4; version++) {
            Files.delete(lake.log(NOTES, LogNames.commitName(version)));
        }

        assertThat(lake.findings())
                .filteredOn(finding -> finding.kind() == Kind.CHECKPOINT)
                .singleElement()
                .satisfies(finding -> assertThat(finding.remedy()).startsWith(RESTORE));
    }

    @Test
    void aTornDataFileThatStillCountsRight() throws IOException {
        Path file = lake.data(NOTES, "2026-02").get(0);
        byte[] bytes = whole.get(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length - 100));

        assertThat(lake.count(NOTES)).isEqualTo(699);
        assertThat(lake.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.kind()).isEqualTo(Kind.DATA_FILE);
            assertThat(finding.subject()).isEqualTo("user_data.notes");
            assertThat(finding.place()).isEqualTo(lake.place(file));
            assertThat(finding.found()).isEqualTo("it is torn: " + (bytes.length - 100) + " bytes");
            assertThat(finding.expected()).startsWith(bytes.length + " bytes with SHA-256 ");
            assertThat(finding.remedy()).isEqualTo(RESTORE);
        });
    }

    @Test
    void twoFilesThatWereSwapped() throws IOException {
        Path february = lake.data(NOTES, "2026-02").get(0);
        Path march = lake.data(NOTES, "2026-03").get(0);
        Files.write(february, whole.get(march));
        Files.write(march, whole.get(february));

        assertThat(lake.findings())
                .extracting(Finding::place, Finding::found)
                .containsExactlyInAnyOrder(
                        tuple(lake.place(february), "it holds the bytes of month=2026-03/" + march.getFileName()),
                        tuple(lake.place(march), "it holds the bytes of month=2026-02/" + february.getFileName()));
    }

    @Test
    void aFileThatIsMissing() throws IOException {
        Path file = lake.data(PLACES, "2026-01").get(0);
        Files.delete(file);

        assertThat(lake.findings())
                .extracting(Finding::place, Finding::found)
                .containsExactly(tuple(lake.place(file), "it is missing"));
    }

    @Test
    void aDeletionVectorThatIsMissing() throws IOException {
        Path vector = SmallLake.files(lake.table(NOTES, "")).stream()
                .filter(file -> file.getFileName().toString().startsWith("deletion_vector_"))
                .findFirst()
                .orElseThrow();
        Files.delete(vector);

        assertThat(lake.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.kind()).isEqualTo(Kind.DELETION_VECTOR);
            assertThat(finding.place()).isEqualTo(lake.place(vector));
        });
    }

    @Test
    void aManifestThatWasSetBackWithItsTable() throws IOException {
        lake.dropNewestCommits(2);
        List<Path> segments = SmallLake.files(folder.resolve("manifest/user_data/notes"));
        Files.delete(segments.get(segments.size() - 1));

        assertThat(lake.findings())
                .filteredOn(finding -> finding.kind() == Kind.MANIFEST)
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.found()).startsWith("it ends with entry ");
                    assertThat(finding.expected()).startsWith("entry 5 of version 5 and hash ");
                    assertThat(finding.remedy()).contains("`lake doctor --deep --accept user_data.notes`");
                });
    }

    @Test
    void whatAPersonAcceptsIsRightFromThenOn() throws IOException {
        lake.dropNewestCommits(2);
        Files.delete(lake.log(NOTES, "00000000000000000004.checkpoint.parquet"));
        Files.delete(lake.log(NOTES, "_last_checkpoint"));
        assertThat(lake.findings()).isNotEmpty();

        Manifests.of(lake.config, lake.home).accept(NOTES, NOW);

        assertThat(lake.findings()).isEmpty();
        Files.write(lake.data(NOTES, "2026-02").get(0), new byte[] {1}, StandardOpenOption.APPEND);
        assertThat(lake.findings()).hasSize(1);
    }

    @Test
    void aChangedSchemaStandsInTheAuditLogOnce() throws IOException {
        Path commit = lake.log(PLACES, "00000000000000000002.json");
        lake.sql("ALTER TABLE " + lake.table(PLACES) + " ADD COLUMN height DOUBLE");
        try {
            lake.catchUp();
            lake.catchUp();

            List<AuditRecord> changes = new ArrayList<>();
            AuditTrail.of(lake.config, lake.home).read(0, entry -> {
                if (entry.action().equals(Manifests.SCHEMA)) {
                    changes.add(entry);
                }
            });
            assertThat(changes).singleElement().satisfies(change -> {
                assertThat(change.subject()).isEqualTo("geo.places");
                assertThat(change.details()).containsEntry("version", "2").containsKeys("sha256", "sha256_before");
            });
        } finally {
            Files.delete(commit);
            Files.deleteIfExists(lake.log(PLACES, "00000000000000000002.crc"));
        }
    }

    @Test
    void aColdFileIsCopiedBackFromAWholeCopy(@TempDir Path other) throws IOException {
        Path disk = Files.createDirectories(other.resolve("disk"));
        SmallLake cold = SmallLake.copy(
                Files.createDirectory(other.resolve("lake")), Map.of("lake.storage.cold.locations", disk.toString()));
        Path warm = cold.data(PLACES, "2026-01").get(0);
        byte[] bytes = Files.readAllBytes(warm);
        String name = warm.getFileName().toString();
        Path file = cold.table(PLACES, "cold/default/2026/month=2026-01/" + name);
        Files.createDirectories(file.getParent());
        Files.write(file, bytes);
        Files.writeString(cold.log(PLACES, "00000000000000000002.json"), """
                {"remove":{"path":"month=2026-01/%1$s","deletionTimestamp":1,"dataChange":false}}
                {"add":{"path":"cold/default/2026/month=2026-01/%1$s","partitionValues":{"month":"2026-01"},"size":%2$d,\
                "modificationTime":1,"dataChange":false,"stats":"{\\"numRecords\\":10}"}}
                """.formatted(name, bytes.length));
        assertThat(cold.catchUp()).isEmpty();
        Files.createDirectories(disk.resolve("geo/places/2026/01"));
        Files.write(disk.resolve("geo/places/2026/01/" + name), bytes);
        assertThat(cold.findings()).isEmpty();

        Files.write(file, new byte[10]);
        List<Finding> findings = cold.findings();

        assertThat(findings).singleElement().satisfies(finding -> {
            assertThat(finding.place()).isEqualTo(cold.place(file));
            assertThat(finding.remedy())
                    .startsWith("`lake doctor --deep --repair`, which copies ")
                    .contains(disk + "/geo/places/2026/01/" + name);
        });
        new Repairs(cold.config, cold.home).carryOut(findings.get(0), NOW);
        assertThat(file).hasBinaryContent(bytes);
        assertThat(cold.findings()).isEmpty();
    }

    @Test
    void aLakeInABucketIsComparedAsWell(@TempDir Path local) throws IOException {
        String bucket = SharedS3.bucket();
        for (Path file : SmallLake.files(folder.resolve("tables"))) {
            SharedS3.client().putObject(put -> put.bucket(bucket).key("lake/" + lake.place(file)), file);
        }
        LakeConfig config = LakeConfig.load(
                null,
                Map.of(
                        "LAKE_STORAGE_S3_ACCESS_KEY", SharedS3.ACCESS_KEY,
                        "LAKE_STORAGE_S3_SECRET_KEY", SharedS3.SECRET_KEY),
                Map.of(
                        "lake.home",
                        "s3a://" + bucket + "/lake",
                        "lake.local-home",
                        local.toString(),
                        "lake.storage.s3.endpoint",
                        SharedS3.endpoint().toString(),
                        "lake.storage.s3.region",
                        SharedS3.REGION,
                        "lake.storage.s3.path-style-access",
                        "true"));
        LakeHome home = LakeHome.open(config);

        assertThat(Manifests.of(config, home).catchUp(NOW)).isEmpty();
        assertThat(new TablesInspection(config, home).run(NOW, Progress.NONE)).satisfies(report -> {
            assertThat(report.tables()).isEqualTo(2);
            assertThat(report.unhashed()).isZero();
            assertThat(report.findings()).isEmpty();
        });
        Path file = lake.data(NOTES, "2026-02").get(0);
        SharedS3.client().deleteObject(delete -> delete.bucket(bucket).key("lake/" + lake.place(file)));

        assertThat(new TablesInspection(config, home).run(NOW, Progress.NONE).findings())
                .extracting(Finding::place, Finding::found)
                .containsExactly(tuple(lake.place(file), "it is missing"));
    }
}
