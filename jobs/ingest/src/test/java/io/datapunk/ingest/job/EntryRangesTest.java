package io.datapunk.ingest.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.ingest.framing.ByteRange;
import io.datapunk.ingest.framing.Framing;
import io.datapunk.ingest.framing.FramingKind;
import io.datapunk.lake.container.Container;
import io.datapunk.lake.container.EntryReader;
import io.datapunk.lake.container.EntryRef;
import io.datapunk.lake.container.SafetyLimits;
import io.datapunk.lake.container.StagedEntry;
import io.datapunk.lake.container.Staging;
import io.datapunk.lake.model.Progress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EntryRangesTest {
    private final EntryReader reader = new EntryReader(SafetyLimits.DEFAULT);

    @TempDir
    private Path folder;

    @Test
    void aStagedEntryIsDividedAtItsRecords() throws IOException {
        Framing framing = FramingKind.JSON.framing();
        Staging staging = new Staging(folder.resolve("staging"), 0);

        StagedEntry<List<ByteRange>> staged = staging.stage(
                reader, locations(50_000), new EntryRanges(framing, 300_000), Progress.NONE.begin("", 0, ""));

        assertThat(staged.learned()).hasSize(7);
        List<String> frames = new ArrayList<>();
        for (ByteRange range : staged.learned()) {
            framing.frames(
                    reader.open(staged.entry(), range.from(), range.to()),
                    range.from(),
                    range.section(),
                    frame -> frames.add(frame.section() + frame.text()));
        }
        assertThat(frames)
                .hasSize(50_000)
                .startsWith("locations{\"latitudeE7\":0,\"source\":\"WIFI\"}")
                .endsWith("locations{\"latitudeE7\":49999,\"source\":\"WIFI\"}");
    }

    private EntryRef locations(int records) throws IOException {
        StringBuilder json = new StringBuilder("{\"locations\":[");
        for (int i = 0; i < records; i++) {
            json.append(i == 0 ? "" : ",").append("{\"latitudeE7\":").append(i).append(",\"source\":\"WIFI\"}");
        }
        Path file = folder.resolve("export.zip");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.putNextEntry(new ZipEntry("Records.json"));
            zip.write(json.append("]}").toString().getBytes(StandardCharsets.UTF_8));
        }
        return Container.open(file, SafetyLimits.DEFAULT, new Staging(folder.resolve("staging"), 0), Progress.NONE)
                .entries()
                .get(0);
    }
}
