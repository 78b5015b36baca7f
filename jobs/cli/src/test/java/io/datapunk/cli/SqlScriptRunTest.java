package io.datapunk.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqlScriptRunTest {
    @TempDir
    private static Path home;

    @TempDir
    private Path folder;

    @BeforeAll
    static void makeTheLake() {
        SampleLake.make(home);
    }

    @Test
    void theStatementsOfStdinAreAnsweredInTheirOrder() {
        RunCli ran = sql("""
                -- what there is
                use user_data;
                create temporary view january as
                  select * from activity where month = '2026-01';
                select title from january order by title; select count(*) as n from activity
                """);

        assertThat(ran.stderr()).isEmpty();
        assertThat(ran.exitCode()).isZero();
        assertThat(ran.stdout()).isEqualTo("""
                OK
                OK
                 title
                ───────
                 lakes
                 punk
                (2 rows)

                 n
                ───
                 3
                (1 row)

                """);
    }

    @Test
    void theFirstThatFailsEndsItWithItsLine() {
        RunCli ran = sql("""
                select 1 as one;

                select * from user_data.activty;
                select 2 as two;
                """, "--format", "csv");

        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.stdout()).isEqualTo("one\r\n1\r\n");
        assertThat(ran.stderr()).isEqualTo("""
                lake: line 3 of stdin: there is no table user_data.activty
                  cause:  the lake has user_data.activity
                  remedy: did you mean user_data.activity?
                """);
    }

    @Test
    void whatCannotBeReadIsToldWithItsPlaceInTheFile() throws IOException {
        Path file = Files.writeString(folder.resolve("report.sql"), "select 1 as one;\n  selct 2");

        RunCli ran = sql("", "--file", file.toString(), "--format", "json");

        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.stdout()).startsWith("{\"columns\":[{\"name\":\"one\"").hasLineCount(1);
        assertThat(ran.stderr())
                .startsWith("lake: line 2 of " + file + ": the statement cannot be read")
                .contains("line 2, pos 2");
    }

    @Test
    void withJsonTheAnswersBeforeAFailureAreThere() throws IOException {
        RunCli ran = sql("select 1 as one; select 2 as two; select three;", "--json");

        JsonNode report = new ObjectMapper().readTree(ran.stdout());
        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(report.at("/status").asText()).isEqualTo("failed");
        assertThat(report.at("/result").toString())
                .isEqualTo("[{\"columns\":[{\"name\":\"one\",\"type\":\"int\"}],\"rows\":[[1]]},"
                        + "{\"columns\":[{\"name\":\"two\",\"type\":\"int\"}],\"rows\":[[2]]}]");
        assertThat(report.at("/error/problem").asText()).isEqualTo("line 1 of stdin: there is no column three");
    }

    @Test
    void withoutAnyStatementNothingIsStarted() throws IOException {
        Path latin = Files.write(folder.resolve("latin.sql"), "select 'ü'".getBytes(StandardCharsets.ISO_8859_1));

        assertThat(sql("-- nothing yet\n").stderr()).startsWith("lake: there is no statement to run\n  cause:  stdin");
        assertThat(sql("", "--file", latin.toString()).stderr()).contains("it is not UTF-8");
        assertThat(sql("", "--file", folder.resolve("none.sql").toString()).stderr())
                .contains("NoSuchFileException");
        assertThat(sql("").exitCode()).isEqualTo(2);
    }

    @Test
    void aStatementAndAFileAreNotTakenTogether() {
        RunCli ran = sql("", "select 1", "--file", "report.sql");

        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.stderr()).contains("STATEMENT", "--file=FILE", "mutually exclusive");
    }

    private static RunCli sql(String stdin, String... args) {
        String[] all = new String[args.length + 1];
        all[0] = "sql";
        System.arraycopy(args, 0, all, 1, args.length);
        return RunCli.run(stdin, Map.of("LAKE_HOME", home.toString()), all);
    }
}
