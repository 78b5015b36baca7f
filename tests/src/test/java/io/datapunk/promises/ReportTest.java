package io.datapunk.promises;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.postgres.PostgresServer;
import io.datapunk.promises.LakeCommands.Ended;
import io.datapunk.testkit.SharedPostgres;
import io.datapunk.testkit.SharedSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page that tells of a lake says what its tables say, runs nothing that came in, and any browser shows it. */
class ReportTest {
    private static final String MONTH = "user_data.activity/month=2024-05";

    /** It ends up in the page as the reason why a record was not taken. */
    private static final String HOSTILE = "</script><script>document.title='taken over'</script>";

    @TempDir
    private static Path folder;

    private static LakeCommands lake;
    private static Path page;

    @BeforeAll
    static void aLakeWithAMovedMonthAndARecordInQuarantine() throws IOException, SQLException {
        // Commands of other tests go on in this session when the lake is gone.
        SharedSpark.session();
        lake = new LakeCommands(folder.resolve("lake"), Map.of("LAKE_TIERING_MINIMUM_SIZE", "1 B"));
        page = folder.resolve("report.html");
        String searches = Exports.searches("lakes").strip();
        String hostile = "{\"header\":\"Search\",\"title\":\"x\",\"time\":\"" + HOSTILE + "\"}";
        String both = searches.substring(0, searches.length() - 1) + "," + hostile + "]";
        Path export = new Exports(folder).zip("takeout.zip", Map.of(Exports.SEARCHES_PATH, both));
        lake.run("ingest", export.toString(), "--user", "ann");
        lake.result("tier", "pin", MONTH, "--tier", "hot");
        lake.result("tier", "apply");
        lake.result("analytics", "quality", "user_data.activity");
        lake.result("analytics", "forecast");
        anIndexThatAnotherStandsInFor();
        lake.result("doctor", "--advise");
    }

    private static void anIndexThatAnotherStandsInFor() throws SQLException {
        LakeConfig config =
                LakeConfig.load(null, Map.of(), Map.of("lake.home", lake.home().toString()));
        try (PostgresServer server = PostgresServer.open(config.postgres(), LakeHome.of(config));
                Connection connection = SharedPostgres.connect(server.connection());
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "CREATE TABLE public.orders AS SELECT n AS id, n AS day FROM generate_series(1, 60000) AS rows(n)");
            statement.execute("CREATE INDEX by_day ON public.orders (day)");
            statement.execute("CREATE INDEX by_day_and_id ON public.orders (day, id)");
        }
    }

    @AfterAll
    static void stop() {
        lake.run("down");
    }

    @Test
    void tellsWhatTheTablesSayAndIsReplacedAsNothingElseIs() throws IOException {
        assertThat(lake.result("report", "--output", page.toString(), "--dry-run")
                        .get("dry_run")
                        .asBoolean())
                .isTrue();
        assertThat(page).doesNotExist();

        JsonNode written = lake.result("report", "--output", page.toString());
        assertThat(written.get("bytes").asLong()).isEqualTo(Files.size(page));

        String html = Files.readString(page);
        assertThat(html).doesNotContain(HOSTILE);
        assertThat(html.replaceAll("(?s)<script>.*?</script>", ""))
                .as("nothing is loaded")
                .doesNotContain("src=", "@import", "url(", "<link");
        JsonNode data = data(html);
        assertThat(data.get("partitions")).anySatisfy(partition -> {
            assertThat(data.get("datasets").get(partition.get(0).asInt()).asText())
                    .isEqualTo("user_data.activity");
            assertThat(partition.get(1).asText()).isEqualTo("month=2024-05");
            assertThat(partition.get(2).asText()).isEqualTo("HOT");
            assertThat(partition.get(4).asInt()).isEqualTo(1);
        });
        assertThat(data.get("moves")).singleElement().satisfies(move -> {
            assertThat(move.get(1).asText()).isEqualTo(MONTH);
            assertThat(move.get(2).asText() + " to " + move.get(3).asText()).isEqualTo("WARM to HOT");
            assertThat(move.get(6).asText()).contains("pin");
        });
        assertThat(data.get("imports")).singleElement().satisfies(imported -> {
            assertThat(imported.get(3).asInt()).as("read").isEqualTo(2);
            assertThat(imported.get(4).asInt()).as("accepted").isEqualTo(1);
            assertThat(imported.get(6).asInt()).as("quarantined").isEqualTo(1);
        });
        assertThat(data.get("quarantine")).singleElement().satisfies(quarantined -> {
            assertThat(quarantined.get("state").asText()).isEqualTo("open");
            assertThat(quarantined.get("records").asInt()).isEqualTo(1);
        });
        assertThat(data.get("checks"))
                .isNotEmpty()
                .allSatisfy(check -> assertThat(check.get("dataset").asText()).isEqualTo("user_data.activity"));
        assertThat(data.get("sizes"))
                .extracting(size ->
                        size.get("subject").asText() + " " + size.get("name").asText())
                .contains("lake tables", "tier WARM", "tier COLD", "postgres database");
        assertThat(data.get("costs"))
                .extracting(cost -> cost.get("tier").asText())
                .containsExactly("HOT", "WARM", "COLD");
        assertThat(data.at("/queries/unknown_because").asText()).isEmpty();
        assertThat(data.at("/tuning/advice")).singleElement().satisfies(advice -> {
            assertThat(advice.get("kind").asText()).isEqualTo("duplicate_index");
            assertThat(advice.get("evidence").asText()).endsWith("btree (day, id) as well");
            assertThat(advice.get("before").asLong()).isGreaterThan(1 << 20);
            assertThat(advice.get("statement").asText()).isEqualTo("DROP INDEX CONCURRENTLY \"public\".\"by_day\"");
        });
        assertThat(data.at("/audit/note").asText())
                .contains(data.at("/audit/signed_entries").asText());
        assertThat(data.at("/audit/damages")).isEmpty();
        assertThat(data.get("problems")).isEmpty();

        lake.result("report", "--output", page.toString());
        Path other = Files.writeString(folder.resolve("thesis.html"), "<!doctype html><p>Three years of work");
        Ended refused = lake.run("report", "--output", other.toString());
        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.failure()).contains("what lies there is no report, and would be lost", "--output");
        assertThat(other).hasContent("<!doctype html><p>Three years of work");
    }

    /** The page's script fills it and ends without an error; what came in is shown, not run. */
    @Test
    @Tag("full")
    void aBrowserShowsIt() throws IOException, InterruptedException {
        lake.result("report", "--output", page.toString());
        Chromium chromium = Chromium.installed(folder);

        Chromium.Shown shown = chromium.show(page);

        assertThat(shown.console()).as("errors and warnings").isEmpty();
        assertThat(shown.dom())
                .contains("data-ready=\"true\"", "<title>Lake report, ")
                .contains("Map of 3 partitions of 3 tables over 2 months: 1 hot, 2 warm, 0 cold, 0 mixed, 0 stale")
                .contains("What was tried and found worth it", "duplicate index")
                .contains("2 read, 1 accepted, 0 duplicates, 1 quarantined")
                .contains("Signed head")
                .doesNotContain("<title>taken over");
    }

    private static JsonNode data(String html) throws IOException {
        Matcher matcher = Pattern.compile("(?s)<script type=\"application/json\" id=\"data\">(.*?)</script>")
                .matcher(html);
        assertThat(matcher.find()).isTrue();
        return new ObjectMapper().readTree(matcher.group(1));
    }
}
