package io.datapunk.ingest.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.ingest.sample.SampleExport;
import io.datapunk.ingest.sample.SampleManifest;
import io.datapunk.lake.model.table.EventColumns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sample export, taken in once and a second time. */
class IngestJobTest {
    private static final List<String> DATASETS = List.of(
            "user_data.activity", "user_data.locations", "user_data.messages", "user_data.media", "imports.records");
    private static final String SEARCH = "Takeout/My Activity/Search/MyActivity.json";

    @TempDir
    static Path directory;

    private static SampleManifest sample;
    private static IngestFixture lake;
    private static IngestReport first;
    private static IngestReport second;
    private static final Map<String, Long> ROWS_AFTER_FIRST = new HashMap<>();

    @BeforeAll
    static void ingestTwice() throws IOException {
        sample = SampleExport.write(directory.resolve("export"), 7, 0.5);
        lake = new IngestFixture(directory.resolve("a lake"));
        first = lake.ingest(sample.containers(), "ann");
        DATASETS.forEach(dataset -> ROWS_AFTER_FIRST.put(dataset, lake.count(dataset)));
        ROWS_AFTER_FIRST.put("imports.quarantine", lake.count("imports.quarantine"));
        second = lake.ingest(sample.containers(), "ann", IngestFixture.NOW.plus(Duration.ofDays(1)));
    }

    @Test
    void everyRecordIsAccountedForInEveryFile() {
        assertThat(first.counts().isConserved()).isTrue();
        Map<String, Row> files = new LinkedHashMap<>();
        for (Row row : lake.rows(
                "imports.files",
                "import_id = '" + first.importId() + "'",
                "entry",
                "read",
                "accepted",
                "duplicates",
                "quarantined",
                "length(sha256)",
                "status")) {
            files.put(row.getString(0), row);
            assertThat(row.getLong(1)).as(row.toString()).isEqualTo(row.getLong(2) + row.getLong(3) + row.getLong(4));
            assertThat(row.getInt(5)).as(row.toString()).isEqualTo(64);
        }
        assertThat(files.keySet())
                .isEqualTo(sample.entries().stream()
                        .map(SampleManifest.Entry::path)
                        .collect(Collectors.toSet()));
        for (SampleManifest.Entry entry : sample.entries()) {
            if (entry.path().contains("Semantic") || entry.path().endsWith("Timeline.json")) {
                // One object of these becomes several rows
                continue;
            }
            Row file = files.get(entry.path());
            assertThat(file.getLong(1)).as(entry.path() + " read").isEqualTo(entry.records());
            assertThat(file.getLong(4)).as(entry.path() + " quarantined").isEqualTo(entry.broken());
            assertThat(file.getLong(3)).as(entry.path() + " duplicates").isEqualTo(entry.repeated());
        }
    }

    @Test
    void searchesKeepTheirContent() {
        Row search = lake.rows(
                        "user_data.activity",
                        "entry = '" + SEARCH + "'",
                        "event_time",
                        "product",
                        "title",
                        "url",
                        "zone_certainty",
                        "source",
                        "month",
                        "date_format(event_time, 'yyyy-MM')")
                .get(0);
        assertThat(search.getString(1)).isEqualTo("Search");
        assertThat(search.getString(2)).isNotBlank();
        assertThat(search.getString(3)).startsWith("https://www.google.com/search?q=");
        assertThat(search.getString(4)).isEqualTo("exact");
        assertThat(search.getString(5)).isEqualTo("google.activity.json");
        assertThat(search.getString(6)).isEqualTo(search.getString(7));
    }

    @Test
    void everyRowLiesInItsMonthAndHasItsProvenance() {
        for (String dataset : DATASETS) {
            assertThat(lake.rows(
                            dataset,
                            "month <> coalesce(date_format(event_time, 'yyyy-MM'), '" + EventColumns.UNDATED + "')"
                                    + " or length(id) <> 32 or length(match_key) <> 32"
                                    + " or user_id <> '" + first.userId() + "'"
                                    + " or import_id <> '" + first.importId() + "'"
                                    + " or ingested_at <> timestamp '2026-02-01T12:00:00Z'",
                            "id"))
                    .as(dataset)
                    .isEmpty();
            assertThat(lake.table(dataset).select("id").distinct().count())
                    .as(dataset)
                    .isEqualTo(lake.count(dataset));
        }
    }

    @Test
    void mailHasDecodedHeadersTextAndAttachments() {
        List<Row> messages = lake.rows(
                "user_data.messages",
                "size(attachments) > 0",
                "position",
                "subject",
                "sender",
                "recipients",
                "labels",
                "text",
                "attachments[0].name",
                "attachments[0].media_type",
                "attachments[0].bytes");
        assertThat(messages).hasSizeGreaterThan(40);
        for (Row message : messages) {
            assertThat(message.getString(1)).isNotBlank().doesNotContain("=?");
            assertThat(message.getString(2)).contains("@example.com");
            assertThat(message.getList(3)).hasSize(2);
            assertThat(message.getList(4)).isNotEmpty();
            assertThat(message.getString(5)).isNotBlank().doesNotContain("Content-Type");
            assertThat(message.getString(6)).isEqualTo(message.getString(1) + ".pdf");
            assertThat(message.getString(7)).isEqualTo("application/pdf");
            assertThat(message.getLong(8)).isBetween(2_000L, 32_000L);
        }
    }

    @Test
    void photosAreOneRowWithTheirSidecarsFromEitherPart() {
        List<Row> photos = lake.rows(
                "user_data.media",
                "true",
                "entry",
                "file_name",
                "media_type",
                "bytes",
                "length(sha256)",
                "width_px",
                "height_px",
                "sidecar",
                "month");
        assertThat(photos).hasSize(45);
        for (Row photo : photos) {
            assertThat(photo.getString(0)).endsWith(".jpg").contains("Photos from");
            assertThat(photo.getString(2)).isEqualTo("image/jpeg");
            assertThat(photo.getLong(3)).isGreaterThan(1_000);
            assertThat(photo.getInt(4)).isEqualTo(64);
            assertThat(photo.getInt(5)).isBetween(120, 160);
            assertThat(photo.getInt(6)).isBetween(120, 160);
        }
        assertThat(photos.stream().filter(photo -> photo.isNullAt(7)))
                .as("the one whose sidecar is cut off")
                .singleElement()
                .satisfies(photo -> assertThat(photo.getString(8)).isEqualTo(EventColumns.UNDATED));
    }

    @Test
    void thePageOfOneEventIsADuplicateOfItsJson() {
        String page = "Takeout/My Activity/YouTube/MyActivity.html";
        long cells = sample.entry("YouTube/MyActivity.html").repeated();
        List<Row> matched = lake.table("imports.duplicates")
                .where("entry = '" + page + "' and import_id = '" + first.importId() + "'")
                .join(lake.table("user_data.activity").selectExpr("id as kept", "entry as kept_entry"))
                .where("kept = kept_id")
                .selectExpr("rule", "kept_entry", "source")
                .collectAsList();
        assertThat(matched).hasSize((int) cells).allSatisfy(row -> {
            // An event on the whole second has one id in both
            assertThat(row.getString(0)).isIn("activity-time-and-title", "id");
            assertThat(row.getString(1)).endsWith("watch-history.json");
            assertThat(row.getString(2)).isEqualTo("google.activity.html");
        });
    }

    @Test
    void brokenRecordsWaitInQuarantineWithTheirBytes() {
        List<Row> rejects = lake.rows(
                "imports.quarantine",
                "entry = 'Takeout/Location History (Timeline)/Records.json'",
                "position",
                "check",
                "reason",
                "cast(sample as string)",
                "byte_from",
                "byte_to",
                "state",
                "day");
        assertThat(rejects)
                .extracting(row -> row.getString(1))
                .containsExactly("coordinate-range", "field-form", "required-field");
        assertThat(rejects.get(0).getString(3)).contains("9123456789");
        assertThat(rejects.get(1).getString(3)).contains("not a time");
        assertThat(rejects).allSatisfy(row -> {
            assertThat(row.getString(2)).doesNotContain("9123456789");
            assertThat(row.getLong(5) - row.getLong(4))
                    .isEqualTo(row.getString(3).length());
            assertThat(row.getString(6)).isEqualTo("open");
            assertThat(row.getString(7)).isEqualTo("2026-02-01");
        });
        assertThat(first.rejects().stream()
                        .mapToLong(IngestReport.Reject::records)
                        .sum())
                .isEqualTo(first.counts().quarantined())
                .isEqualTo(sample.broken());
    }

    @Test
    void theSecondTimeAddsNothing() {
        assertThat(second.importId()).isNotEqualTo(first.importId());
        assertThat(second.userId()).isEqualTo(first.userId());
        assertThat(second.counts().accepted()).isZero();
        assertThat(second.counts().isConserved()).isTrue();
        assertThat(second.counts().read()).isEqualTo(first.counts().read());
        ROWS_AFTER_FIRST.forEach(
                (table, rows) -> assertThat(lake.count(table)).as(table).isEqualTo(rows));
    }

    @Test
    void theJournalSaysWhatWasDone() {
        List<Row> jobs = lake.rows(
                "imports.jobs",
                "true",
                "started_at",
                "status",
                "read",
                "accepted",
                "containers",
                "parser_versions",
                "epoch");
        assertThat(jobs).hasSize(2);
        assertThat(jobs).allSatisfy(row -> {
            assertThat(row.getString(1)).isEqualTo("done");
            assertThat(row.getLong(2)).isEqualTo(first.counts().read());
            assertThat(row.getList(4))
                    .containsExactly("takeout-20260115T101500Z-001.zip", "takeout-20260115T101500Z-002.zip");
            assertThat(row.getString(5)).contains("\"mail.mbox\":1");
        });
        assertThat(jobs)
                .extracting(row -> row.getLong(3))
                .containsExactly(first.counts().accepted(), 0L);
        assertThat(jobs).extracting(row -> row.getLong(6)).containsExactly(1L, 2L);
        assertThat(lake.rows("lake.users", "true", "user_id", "name"))
                .singleElement()
                .satisfies(row -> {
                    assertThat(row.getString(0)).isEqualTo(first.userId()).hasSize(32);
                    assertThat(row.getString(1)).isEqualTo("ann");
                });
    }

    @Test
    void stagingIsGoneAndTheReportIsClean() throws IOException {
        try (var left = Files.list(lake.home().staging())) {
            assertThat(left).isEmpty();
        }
        assertThat(first.exitCode()).isZero();
        assertThat(first.warnings()).isEmpty();
        assertThat(first.datasets().keySet().stream().map(Object::toString).collect(Collectors.toSet()))
                .isEqualTo(Set.copyOf(DATASETS));
    }
}
