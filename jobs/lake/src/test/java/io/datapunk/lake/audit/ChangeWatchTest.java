package io.datapunk.lake.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChangeWatchTest {
    private static final Instant NOW = Instant.parse("2026-01-31T23:59:59Z");
    private static final Pattern THINGS = Pattern.compile("\"things\":\"([^\"]*)\"");

    @TempDir
    private Path folder;

    private ChangeWatch watch;

    @BeforeEach
    void watch() {
        watch = new ChangeWatch(
                new AuditLog(folder, Duration.ofSeconds(5)), folder.resolve("things"), "thing.change", "things");
    }

    @Test
    void whatIsNewWhatIsGoneAndWhatIsAnotherIsNamed() throws IOException {
        watch.look(Map.of("a", "1", "b", "2", "c", "3"), NOW);
        watch.look(Map.of("a", "1", "b", "22", "d", "4"), NOW);
        watch.look(Map.of("a", "1", "b", "22", "d", "4"), NOW);

        assertThat(changes()).containsExactly("b,c,d");
        assertThat(Files.readString(folder.resolve("things"))).doesNotContain(" 22");
    }

    @Test
    void ofWhatIsKnownANewNameIsNoChange() throws IOException {
        watch.lookAtKnown(Map.of("a", "1"), NOW);
        watch.lookAtKnown(Map.of("a", "1", "b", "2"), NOW);
        assertThat(changes()).isEmpty();

        watch.lookAtKnown(Map.of("a", "11", "b", "22", "c", "3"), NOW);
        watch.lookAtKnown(Map.of("a", "11"), NOW);
        assertThat(changes()).containsExactly("a,b", "b,c");
    }

    @Test
    void aNameOfTwoLinesIsOne() throws IOException {
        watch.look(Map.of("a\nb", "1"), NOW);
        watch.look(Map.of("a\nb", "1"), NOW);

        assertThat(changes()).isEmpty();
    }

    @Test
    void anEntryNamesAThousandAtMost() throws IOException {
        Map<String, String> many = new TreeMap<>();
        for (int thing = 0; thing < 1002; thing++) {
            many.put("thing%04d".formatted(thing), "");
        }
        watch.look(Map.of(), NOW);
        watch.look(many, NOW);

        assertThat(changes())
                .singleElement()
                .satisfies(things -> assertThat(things).startsWith("thing0000,").endsWith(",thing0999 and 2 more"));
    }

    private List<String> changes() throws IOException {
        List<String> changes = new ArrayList<>();
        try {
            for (String entry : Files.readAllLines(folder.resolve("log.ndjson"))) {
                Matcher things = THINGS.matcher(entry);
                assertThat(entry).contains("\"action\":\"thing.change\"");
                assertThat(things.find()).isTrue();
                changes.add(things.group(1));
            }
        } catch (NoSuchFileException noneYet) {
            return List.of();
        }
        return changes;
    }
}
