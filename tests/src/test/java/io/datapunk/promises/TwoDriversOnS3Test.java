package io.datapunk.promises;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.datapunk.testkit.S3Faults;
import io.datapunk.testkit.SharedS3;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole pipeline on S3 from two drivers at once, while one request in twenty is refused, not answered or answered late:
 * what they leave is what one driver leaves that nobody disturbs.
 */
@Tag("full")
class TwoDriversOnS3Test {
    private static final int ROWS = 100;
    private static final Instant BEGIN = Instant.parse("2024-02-01T08:00:00Z");
    private static final double SHARE = 0.05;
    private static final Duration LATE = Duration.ofSeconds(2);
    private static final String LATER = "2031-01-01T00:00:00Z";

    /** What the pipeline leaves, by what is random in it: ids of people and imports, times of its work. */
    private static final Map<String, String> CONTENT = content();

    @TempDir
    Path folder;

    @Test
    void leaveWhatOneUndisturbedDriverLeaves() throws Exception {
        List<String> ann = List.of("ingest", export("ann"), "--user", "ann");
        List<String> bob = List.of("ingest", export("bob"), "--user", "bob");
        Lake calm = new Lake("calm", SharedS3.endpoint());
        calm.run(true, ann, bob, heat(), apply(), publish());
        try (S3Faults store = S3Faults.start().disturb(SHARE, 42, LATE)) {
            Lake disturbed = new Lake("disturbed", store.endpoint());
            // Each makes its import; of two at the same job, one works and the other may end with a clear message.
            CompletableFuture<?> first = disturbed.start(ann, heat(), apply(), publish());
            CompletableFuture<?> second = disturbed.start(bob, heat(), apply(), publish());
            CompletableFuture.allOf(first, second).get();
            disturbed.run(true, heat(), apply(), publish());

            assertThat(store.disturbed()).as("disturbed requests").isGreaterThan(100);
            assertThat(disturbed.content()).isEqualTo(calm.content());
            assertThat(disturbed
                            .run(true, List.of("doctor", "--deep"))
                            .get(0)
                            .result()
                            .get("findings"))
                    .isEmpty();
        }
    }

    /** Searches and places of four months. */
    private String export(String name) throws IOException {
        List<String> searches = new ArrayList<>();
        List<String> places = new ArrayList<>();
        for (int row = 0; row < ROWS; row++) {
            Instant at = BEGIN.plus(Duration.ofHours(29L * row));
            searches.add("""
                    {"header": "Search", "title": "Searched for %s %d", "titleUrl": "https://example.org/?q=%2$d",
                     "time": "%3$s", "products": ["Search"]}""".formatted(name, row, at));
            places.add("""
                    {"latitudeE7": %d, "longitudeE7": 134050000, "accuracy": 10, "source": "WIFI", "timestamp": "%s"}""".formatted(525_200_000 + 1_000 * row, at));
        }
        return new Exports(folder)
                .zip(
                        name + ".zip",
                        Map.of(
                                Exports.SEARCHES_PATH,
                                "[" + String.join(",", searches) + "]",
                                "Takeout/Location History (Timeline)/Records.json",
                                "{\"locations\": [" + String.join(",", places) + "]}"))
                .toString();
    }

    private static List<String> heat() {
        return List.of("heat", "--now", LATER);
    }

    private static List<String> apply() {
        return List.of("tier", "apply", "--now", LATER);
    }

    private static List<String> publish() {
        return List.of("analytics", "run", "analytics.activity_daily", "analytics.sessions");
    }

    private static Map<String, String> content() {
        Map<String, String> statements = new LinkedHashMap<>();
        statements.put("activity", "select name, event_time, product, kind, title, url, month from user_data.activity");
        statements.put("locations", "select name, event_time, latitude, longitude, month from user_data.locations");
        statements.put("daily", "select name, day, product, kind, events from analytics.activity_daily");
        statements.replaceAll(
                (table, statement) -> statement.replace("from ", "from lake.users join ") + " using (user_id)");
        statements.put(
                "imports",
                "select name, status, sum(read), sum(accepted), sum(duplicates), sum(quarantined)"
                        + " from imports.jobs join lake.users using (user_id) group by all");
        return statements;
    }

    /** A lake in a bucket of its own, as drivers on this machine see it. */
    private final class Lake {
        private final String home = "s3a://" + SharedS3.bucket() + "/home";
        private final Map<String, String> environment = new HashMap<>();

        Lake(String name, URI endpoint) {
            environment.put("LAKE_LOCAL_HOME", folder.resolve(name).toString());
            environment.put("LAKE_STORAGE_S3_ENDPOINT", endpoint.toString());
            environment.put("LAKE_STORAGE_S3_REGION", SharedS3.REGION);
            environment.put("LAKE_STORAGE_S3_PATH_STYLE_ACCESS", "true");
            environment.put("LAKE_STORAGE_S3_ACCESS_KEY", SharedS3.ACCESS_KEY);
            environment.put("LAKE_STORAGE_S3_SECRET_KEY", SharedS3.SECRET_KEY);
            environment.put("LAKE_TIERING_MINIMUM_SIZE", "0 B");
        }

        @SafeVarargs
        private CompletableFuture<List<LakeCommands.Ended>> start(List<String>... commands) {
            return CompletableFuture.supplyAsync(() -> {
                try {
                    return run(false, commands);
                } catch (IOException | InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
        }

        /** @param succeed all have to; else those that do not have to say that another one is at work */
        @SafeVarargs
        private List<LakeCommands.Ended> run(boolean succeed, List<String>... commands)
                throws IOException, InterruptedException {
            List<LakeCommands.Ended> ended = CommandSequence.run(
                    List.of(),
                    CommandSequence.class,
                    environment,
                    Stream.of(commands)
                            .map(words -> Stream.concat(words.stream(), Stream.of("--json", "--lake", home))
                                    .toList())
                            .map(CommandSequence::command)
                            .toList());
            assertThat(ended).hasSameSizeAs(commands).allSatisfy(one -> {
                if (succeed || one.exitCode() != 0) {
                    assertThat(one.exitCode()).as(one.out() + one.err()).isEqualTo(succeed ? 0 : 1);
                }
            });
            return ended;
        }

        /** Every row of what the pipeline leaves, in an order of its own. */
        private Map<String, List<String>> content() throws IOException, InterruptedException {
            List<List<String>> statements = new ArrayList<>();
            CONTENT.values().forEach(statement -> statements.add(List.of("sql", statement)));
            @SuppressWarnings({"unchecked", "rawtypes"})
            List<LakeCommands.Ended> answers = run(true, statements.toArray(new List[0]));
            Map<String, List<String>> content = new LinkedHashMap<>();
            int answer = 0;
            for (String name : CONTENT.keySet()) {
                List<String> rows = new ArrayList<>();
                for (JsonNode row : answers.get(answer++).result().get("rows")) {
                    rows.add(row.toString());
                }
                rows.sort(null);
                assertThat(rows).as(name).isNotEmpty();
                content.put(name, rows);
            }
            return content;
        }
    }
}
