package io.datapunk.ingest.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In how many ranges an entry is read depends on the machine; what becomes of its records does not. */
class SplitEntriesTest {
    private static final int LINES = 60_000;

    @TempDir
    Path directory;

    @Test
    void equalRecordsOfOneEntryAllBecomeRowsWhereverItIsCut() throws IOException {
        Path export = measurements();
        IngestFixture whole = new IngestFixture(directory.resolve("whole"), Map.of("lake.ingest.split-size", "64 MiB"));
        IngestFixture split = new IngestFixture(directory.resolve("split"), Map.of("lake.ingest.split-size", "1 MiB"));
        whole.ingest(List.of(export), "ann");
        IngestReport report = split.ingest(List.of(export), "ann");

        assertThat(report.counts()).isEqualTo(new ImportCounts(LINES, LINES, 0, 0));
        assertThat(occurrences(split)).isEqualTo(occurrences(whole)).containsEntry("tick", LINES / 2);
        assertThat(split.ingest(List.of(export), "ann").counts())
                .as("the same export again")
                .isEqualTo(new ImportCounts(LINES, 0, LINES, 0));
    }

    /** Every second line is the same. */
    private Path measurements() throws IOException {
        List<String> lines = new ArrayList<>(List.of("what,note"));
        String note = "x".repeat(60);
        for (int line = 0; line < LINES; line += 2) {
            lines.add("tick," + note);
            lines.add("tock " + line + "," + note);
        }
        Path folder = Files.createDirectories(directory.resolve("export"));
        Files.write(folder.resolve("measurements.csv"), lines);
        return folder;
    }

    /** How many keys there are for each kind of record. */
    private static Map<String, Integer> occurrences(IngestFixture lake) {
        Map<String, Integer> occurrences = new TreeMap<>();
        for (Row row : lake.table("imports.records")
                .selectExpr("split(get_json_object(document, '$.what'), ' ')[0] as what", "id")
                .distinct()
                .collectAsList()) {
            occurrences.merge(row.getString(0), 1, Integer::sum);
        }
        return occurrences;
    }
}
