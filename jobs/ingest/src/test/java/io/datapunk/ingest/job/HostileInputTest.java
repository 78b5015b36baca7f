package io.datapunk.ingest.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datapunk.ingest.sample.SampleExport;
import io.datapunk.ingest.sample.SampleManifest;
import io.datapunk.ingest.sample.SampleOptions;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.storage.JobLease;
import io.datapunk.lake.storage.Leases;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bad input is told clearly and costs nothing but itself. */
class HostileInputTest {
    private static final String SEARCHES = """
            [{"header": "Search", "title": "Searched for pears", "titleUrl": "https://example.org/?q=pears",
              "time": "2024-05-01T10:00:00.123Z", "products": ["Search"]},
             {"header": "Search", "title": "Searched for plums", "titleUrl": "https://example.org/?q=plums",
              "time": "2024-05-02T10:00:00.123Z", "products": ["Search"]}]
            """;

    @TempDir
    Path directory;

    private IngestFixture lake;

    @BeforeEach
    void makeLake() {
        lake = new IngestFixture(directory.resolve("lake"));
    }

    @Test
    void whatIsNoExportIsRefused() throws IOException {
        Path missing = directory.resolve("takeout-20260115T101500Z-001.zip");
        refused(missing, "there is no such file");
        refused(Files.write(directory.resolve("noise.bin"), new byte[] {1, 2, 3, 0, 5}), "no zip, tar");
        refused(Files.write(directory.resolve("noise.zip"), new byte[] {1, 2, 3, 0, 5}), "noise.zip");
        refused(Files.write(directory.resolve("empty.zip"), new byte[0]), "empty");
        Path whole = zip("whole.zip", Map.of("Takeout/My Activity/Search/MyActivity.json", SEARCHES));
        byte[] bytes = Files.readAllBytes(whole);
        Path truncated = directory.resolve("truncated.zip");
        Files.write(truncated, Arrays.copyOf(bytes, bytes.length / 2));
        assertThatThrownBy(() -> lake.ingest(List.of(truncated), "ann")).isInstanceOf(LakeException.class);
        assertThat(lake.count("imports.jobs")).isZero();
        assertThat(lake.count("user_data.activity")).isZero();
    }

    private void refused(Path export, String reason) {
        assertThatThrownBy(() -> lake.ingest(List.of(export), "ann")).isInstanceOfSatisfying(LakeException.class, e -> {
            assertThat(e.problem()).contains(export.getFileName().toString());
            assertThat(e.reason() + e.problem()).contains(reason);
            assertThat(e.remedy()).isNotBlank();
            assertThat(e.kind()).isEqualTo(LakeException.Kind.FAILED);
        });
    }

    @Test
    void oneBadEntryIsQuarantinedAndTheOthersComeIn() throws IOException {
        Path export = zip(
                "mixed.zip",
                Map.of(
                        "Takeout/My Activity/Search/MyActivity.json",
                        SEARCHES,
                        "../../outside.json",
                        "{\"a\": 1}",
                        "Takeout/damaged.json",
                        "{\"marker\": \"" + "x".repeat(2_000) + "\"}"));
        byte[] bytes = Files.readAllBytes(export);
        int marker = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("xxxxxxxxxxxx");
        bytes[marker + 100] = 'y';
        Files.write(export, bytes);
        IngestReport report = lake.ingest(List.of(export), "ann");
        assertThat(report.counts().isConserved()).isTrue();
        assertThat(lake.rows("user_data.activity", "true", "title"))
                .extracting(row -> row.getString(0))
                .hasSize(2)
                .allMatch(title -> title.contains("pears") || title.contains("plums"));
        List<Row> rejects = lake.rows("imports.quarantine", "true", "check", "entry", "reason");
        assertThat(rejects).extracting(row -> row.getString(0)).contains("entry-damaged", "entry-refused");
        assertThat(directory.resolve("outside.json")).doesNotExist();
    }

    @Test
    void aSecondImportOfTheSameUserIsTurnedAway() throws IOException {
        Path export = zip("one.zip", Map.of("Takeout/My Activity/Search/MyActivity.json", SEARCHES));
        String user = lake.ingest(List.of(export), "ann").userId();
        try (JobLease held = new Leases(lake.home()).acquire("ingest-" + user)) {
            assertThat(held.epoch()).isPositive();
            assertThatThrownBy(() -> lake.ingest(List.of(export), "ann"))
                    .isInstanceOf(LakeException.class)
                    .hasMessageContaining("already running");
        }
    }

    @Test
    void pagesOfTwoZonesTellOfTheSameEvents() throws IOException {
        SampleOptions berlin = SampleOptions.of(5, 0.02);
        SampleManifest first = SampleExport.write(directory.resolve("a"), berlin);
        SampleManifest second = SampleExport.write(
                directory.resolve("b"),
                berlin.inZone(ZoneId.of("America/New_York")).exportedAt(Instant.parse("2026-03-01T09:00:00Z")));
        IngestReport one = lake.ingest(first.containers(), "ann");
        IngestReport two = lake.ingest(second.containers(), "ann");
        assertThat(one.counts().accepted()).isPositive();
        assertThat(two.exportId()).isNotEqualTo(one.exportId());
        assertThat(two.counts().accepted())
                .as("rows of the second export: %s", two.parsers())
                .isZero();
        assertThat(two.counts().isConserved()).isTrue();
    }

    private Path zip(String name, Map<String, String> entries) throws IOException {
        Path file = directory.resolve(name);
        try (OutputStream out = Files.newOutputStream(file);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.setMethod(ZipOutputStream.STORED);
            for (Map.Entry<String, String> entry : entries.entrySet()) {
                byte[] bytes = entry.getValue().getBytes(StandardCharsets.UTF_8);
                ZipEntry header = new ZipEntry(entry.getKey());
                header.setSize(bytes.length);
                java.util.zip.CRC32 crc = new java.util.zip.CRC32();
                crc.update(bytes);
                header.setCrc(crc.getValue());
                zip.putNextEntry(header);
                zip.write(bytes);
                zip.closeEntry();
            }
        }
        return file;
    }
}
