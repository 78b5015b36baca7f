package io.datapunk.ingest.sample;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.datapunk.ingest.sample.SampleOptions.Packaging;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import javax.imageio.ImageIO;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleExportTest {
    private static final double SMALL = 0.1;

    @TempDir
    Path directory;

    @Test
    void theSameSeedGivesTheSameBytes() throws IOException {
        SampleManifest first = SampleExport.write(directory.resolve("a"), 7, SMALL);
        SampleManifest second = SampleExport.write(directory.resolve("b"), 7, SMALL);
        SampleManifest other = SampleExport.write(directory.resolve("c"), 8, SMALL);
        assertThat(first.containers())
                .extracting(path -> path.getFileName().toString())
                .containsExactly("takeout-20260115T101500Z-001.zip", "takeout-20260115T101500Z-002.zip");
        for (int part = 0; part < 2; part++) {
            assertThat(first.containers().get(part))
                    .hasSameBinaryContentAs(second.containers().get(part));
            assertThat(Files.mismatch(
                            first.containers().get(part), other.containers().get(part)))
                    .isNotNegative();
        }
    }

    @Test
    void zipTarAndFolderHoldTheSameEntries() throws IOException {
        SampleOptions options = SampleOptions.of(7, SMALL);
        Map<String, byte[]> zip = entries(SampleExport.write(directory.resolve("zip"), options));
        Map<String, byte[]> tgz =
                entries(SampleExport.write(directory.resolve("tgz"), options.packedAs(Packaging.TGZ)));
        Map<String, byte[]> folder =
                entries(SampleExport.write(directory.resolve("folder"), options.packedAs(Packaging.FOLDER)));
        assertThat(tgz.keySet()).isEqualTo(zip.keySet()).isEqualTo(folder.keySet());
        zip.forEach((path, bytes) -> {
            assertThat(tgz.get(path)).as(path).isEqualTo(bytes);
            assertThat(folder.get(path)).as(path).isEqualTo(bytes);
        });
    }

    @Test
    void theManifestCountsWhatTheEntriesHold() throws IOException {
        SampleManifest manifest = SampleExport.write(directory, 7, SMALL);
        Map<String, byte[]> entries = entries(manifest);
        ObjectMapper json = new ObjectMapper();
        JsonNode searches = json.readTree(entries.get("Takeout/My Activity/Search/MyActivity.json"));
        assertThat(searches.size())
                .isEqualTo(manifest.entry("Search/MyActivity.json").records());
        Set<JsonNode> different = new LinkedHashSet<>();
        searches.forEach(different::add);
        assertThat(different.size() + manifest.entry("Search/MyActivity.json").repeated())
                .isEqualTo(searches.size());
        JsonNode records = json.readTree(entries.get("Takeout/Location History (Timeline)/Records.json"));
        assertThat(records.get("locations").size())
                .isEqualTo(manifest.entry("Records.json").records());
        assertThat(count(entries.get("Takeout/My Activity/YouTube/MyActivity.html"), "outer-cell"))
                .isEqualTo(manifest.entry("YouTube/MyActivity.html").records());
        assertThat(count(entries.get("Takeout/Mail/All mail Including Spam and Trash.mbox"), "\nFrom 1") + 1)
                .isEqualTo(manifest.entry("Trash.mbox").records());
    }

    @Test
    void thePageTellsOfTheSameEventsInTheAccountsZone() throws IOException {
        SampleOptions berlin = SampleOptions.of(7, SMALL);
        SampleOptions york =
                berlin.inZone(ZoneId.of("America/New_York")).exportedAt(Instant.parse("2026-03-01T09:00:00Z"));
        Map<String, byte[]> first = entries(SampleExport.write(directory.resolve("a"), berlin));
        Map<String, byte[]> second = entries(SampleExport.write(directory.resolve("b"), york));
        String search = "Takeout/My Activity/Search/MyActivity.json";
        String page = "Takeout/My Activity/YouTube/MyActivity.html";
        assertThat(second.get(search)).isEqualTo(first.get(search));
        assertThat(new String(first.get(page), java.nio.charset.StandardCharsets.UTF_8))
                .contains("\u202fPM CET<br>");
        assertThat(new String(second.get(page), java.nio.charset.StandardCharsets.UTF_8))
                .contains("\u202fAM EST<br>");
    }

    @Test
    void everyPhotoIsAValidImageOfItsOwn() throws IOException {
        Set<Integer> hashes = new LinkedHashSet<>();
        int photos = 0;
        for (Map.Entry<String, byte[]> entry :
                entries(SampleExport.write(directory, 7, 1)).entrySet()) {
            if (entry.getKey().contains("Photos from") && entry.getKey().endsWith(".jpg")) {
                assertThat(ImageIO.read(new ByteArrayInputStream(entry.getValue()))
                                .getWidth())
                        .isBetween(120, 160);
                hashes.add(Arrays.hashCode(entry.getValue()));
                photos++;
            }
        }
        assertThat(hashes).hasSize(photos).hasSize(90);
    }

    private static int count(byte[] bytes, String word) {
        return new String(bytes, java.nio.charset.StandardCharsets.UTF_8)
                        .split(java.util.regex.Pattern.quote(word), -1)
                        .length
                - 1;
    }

    private static Map<String, byte[]> entries(SampleManifest manifest) throws IOException {
        Map<String, byte[]> entries = new TreeMap<>();
        for (Path container : manifest.containers()) {
            if (Files.isDirectory(container)) {
                folder(container, entries);
            } else if (container.toString().endsWith(".zip")) {
                zip(container, entries);
            } else {
                tgz(container, entries);
            }
        }
        return entries;
    }

    private static void zip(Path file, Map<String, byte[]> entries) throws IOException {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                try (InputStream in = zip.getInputStream(entry)) {
                    entries.put(entry.getName(), in.readAllBytes());
                }
            }
        }
    }

    private static void tgz(Path file, Map<String, byte[]> entries) throws IOException {
        try (TarArchiveInputStream tar =
                new TarArchiveInputStream(new GzipCompressorInputStream(Files.newInputStream(file)))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                entries.put(entry.getName(), tar.readAllBytes());
            }
        }
    }

    private static void folder(Path root, Map<String, byte[]> entries) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            files.filter(Files::isRegularFile).forEach(file -> {
                try {
                    entries.put(root.relativize(file).toString().replace('\\', '/'), Files.readAllBytes(file));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
