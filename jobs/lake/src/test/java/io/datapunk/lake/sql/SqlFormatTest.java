package io.datapunk.lake.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.io.Writer;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class SqlFormatTest {
    private static final List<SqlColumn> COLUMNS =
            List.of(new SqlColumn("title", "string"), new SqlColumn("n", "bigint"));

    @Test
    void aTableAlignsTextLeftAndNumbersRight() throws IOException {
        assertThat(printed(
                        SqlFormat.TABLE, List.of("a", 7L), Arrays.asList("long one", 1234L), Arrays.asList(null, null)))
                .isEqualTo("""
                         title    │    n
                        ──────────┼──────
                         a        │    7
                         long one │ 1234
                         null     │ null
                        (3 rows)
                        """);
    }

    @Test
    void aTableKeepsOneLinePerRowAndCutsWhatIsTooWide() throws IOException {
        String printed = printed(SqlFormat.TABLE, List.of("two\nlines", 1L), List.of("x".repeat(100), 2L));
        assertThat(printed).contains("two lines").contains("x".repeat(79) + "…").doesNotContain("x".repeat(80));
        assertThat(printed.lines()).hasSize(5);
    }

    @Test
    void aTableLongerThanWhatSetsTheWidthsPrintsEveryRow() throws IOException {
        StringWriter out = new StringWriter();
        SqlSink sink = SqlFormat.TABLE.to(out);
        sink.columns(COLUMNS);
        for (long i = 0; i < 1234; i++) {
            sink.row(List.of("row", i));
        }
        sink.end();
        assertThat(out.toString().lines()).hasSize(1234 + 3).contains(" row   │ 1233");
    }

    @Test
    void aTableThatFitsIsOneInAShellToo() throws IOException {
        assertThat(printedInShell(14, List.of("a", 7L), Arrays.asList(null, 1234L)))
                .isEqualTo("""
                         title │    n
                        ───────┼──────
                         a     │    7
                         null  │ 1234
                        (2 rows)

                        """);
    }

    @Test
    void aTableThatIsTooWideForAShellHasOneValueInALine() throws IOException {
        assertThat(printedInShell(13, List.of("a\nb", 7L), Arrays.asList(null, 1234L)))
                .isEqualTo("""
                        ─[ RECORD 1 ]────────────
                         title │ a b
                         n     │ 7
                        ─[ RECORD 2 ]────────────
                         title │ null
                         n     │ 1234
                        (2 rows)

                        """);
    }

    @Test
    void valuesInALineOfTheirOwnAreNotCutWhereATablesAre() throws IOException {
        assertThat(printedInShell(0, List.of("x".repeat(100), 7L))).contains("x".repeat(100));
        assertThat(printedInShell(0, List.of("x".repeat(5000), 7L))).contains("x".repeat(4095) + "…");
    }

    @Test
    void anEmptyAnswerIsATableHoweverWide() throws IOException {
        assertThat(printedInShell(0)).isEqualTo(printed(SqlFormat.TABLE) + "\n");
    }

    @Test
    void aLongTableKeepsItsWidthInAShell() throws IOException {
        List<List<Object>> rows = new ArrayList<>();
        for (long i = 0; i < 1234; i++) {
            rows.add(List.of(i < 1000 ? "row" : "x".repeat(70), i));
        }
        assertThat(printed(out -> SqlFormat.TABLE.to(out, 40), rows))
                .isEqualTo(printed(SqlFormat.TABLE::to, rows) + "\n");
    }

    @Test
    void aStatementWithoutColumnsIsAnsweredInAShell() throws IOException {
        StringWriter out = new StringWriter();
        SqlSink sink = SqlFormat.TABLE.to(out, 80);
        sink.columns(List.of());
        sink.end();
        assertThat(out.toString()).isEqualTo("OK\n");
    }

    @Test
    void csvQuotesWhatHasToBeQuoted() throws IOException {
        assertThat(printed(SqlFormat.CSV, List.of("say \"hi\", you", 7L), Arrays.asList("two\nlines", null)))
                .isEqualTo("title,n\r\n\"say \"\"hi\"\", you\",7\r\n\"two\nlines\",\r\n");
    }

    @Test
    void jsonIsOneObjectWithColumnsAndRows() throws IOException {
        assertThat(printed(SqlFormat.JSON, List.of("ä\"", 7L), Arrays.asList(null, null)))
                .isEqualTo(
                        "{\"columns\":[{\"name\":\"title\",\"type\":\"string\"},{\"name\":\"n\",\"type\":\"bigint\"}],"
                                + "\"rows\":[[\"ä\\\"\",7],[null,null]]}\n");
    }

    @Test
    void everyKindOfValueCrossesToAnotherProcessUnchanged() throws IOException {
        List<Object> values = Arrays.asList(
                null,
                true,
                false,
                -7L,
                0.1,
                new BigDecimal("12.50"),
                "text ✓",
                Instant.parse("2026-01-02T03:04:05.678901Z"),
                LocalDate.parse("2026-01-02"),
                LocalDateTime.parse("2026-01-02T03:04:05"),
                List.of(1L, List.of("x")),
                Map.of("k", List.of(1.5)));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        SqlValue.write(values, new DataOutputStream(bytes));
        assertThat(SqlValue.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()))))
                .isEqualTo(values);
    }

    @Test
    void numbersThatJsonDoesNotHaveBecomeText() {
        assertThat(SqlValue.toJson(List.of(Double.NaN, Double.NEGATIVE_INFINITY, 1.5)))
                .isEqualTo(List.of("NaN", "-Infinity", 1.5));
    }

    @SafeVarargs
    private static String printed(SqlFormat format, List<Object>... rows) throws IOException {
        return printed(format::to, List.of(rows));
    }

    @SafeVarargs
    private static String printedInShell(int width, List<Object>... rows) throws IOException {
        return printed(out -> SqlFormat.TABLE.to(out, width), List.of(rows));
    }

    private static String printed(Function<Writer, SqlSink> sinkTo, List<List<Object>> rows) throws IOException {
        StringWriter out = new StringWriter();
        SqlSink sink = sinkTo.apply(out);
        sink.columns(COLUMNS);
        for (List<Object> row : rows) {
            sink.row(row);
        }
        sink.end();
        return out.toString();
    }
}
