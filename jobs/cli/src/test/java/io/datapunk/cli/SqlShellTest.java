package io.datapunk.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.sql.SqlFormat;
import io.datapunk.testkit.SharedSpark;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jline.terminal.Size;
import org.jline.terminal.impl.LineDisciplineTerminal;
import org.jline.utils.AttributedString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Types into the shell, on a terminal that keeps what it shows. */
class SqlShellTest {
    private static final String CTRL_C = "\u0003";
    private static final String CTRL_D = "\u0004";
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    private static Path folder;

    private static LakeConfig config;

    @TempDir
    private Path state;

    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
    private LineDisciplineTerminal terminal;
    private Optional<Path> history;
    private CompletableFuture<Void> shell;

    @BeforeAll
    static void makeTheLake() {
        config = SampleLake.make(folder.resolve("annes-lake"));
    }

    @BeforeEach
    void openTheShell() throws Exception {
        terminal = new LineDisciplineTerminal("test", "xterm", shown, StandardCharsets.UTF_8);
        terminal.setSize(new Size(60, 24));
        history = SqlHistory.file(Map.of("XDG_STATE_HOME", state.toString()));
        SqlShell opened = new SqlShell(config, terminal, SqlFormat.TABLE, history);
        shell = CompletableFuture.runAsync(opened::run);
        await("annes-lake=> ");
    }

    @AfterEach
    void endTheShell() throws Exception {
        type(CTRL_D);
        shell.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        terminal.close();
    }

    @Test
    void aStatementMaySpanLinesAndEndsWithASemicolon() throws Exception {
        type("select product, count(*) as n -- not yet;\n");
        await("annes-lake-> ");
        type("from user_data.activity where title <> ';\n");
        await("annes-lake'> ");
        type("' group by product order by n;\n");
        await("""
                 product │ n
                ─────────┼───
                 Maps    │ 1
                 Search  │ 2
                (2 rows)
                """);
    }

    @Test
    void aFailureIsToldAndTheNextStatementIsAnswered() throws Exception {
        type("select * from user_data.activty;\n");
        await("""
                lake: there is no table user_data.activty
                  cause:  the lake has user_data.activity
                  remedy: did you mean user_data.activity?
                """);
        type("select 6 * 7 as answer;\n");
        await("42");
    }

    @Test
    void aStatementSeesWhatTheOnesBeforeHaveSet() throws Exception {
        type("use user_data; create temporary view mine as select title from activity where product = 'Maps';\n");
        await("OK\nOK\n");
        type("select * from mine;\n");
        await("Zürich");
    }

    @Test
    void ctrlCDropsALineAndCancelsAStatement() throws Exception {
        type("select nonsense" + CTRL_C);
        type("select sum(a.id * b.id) from range(10000000) a cross join range(10000000) b;\n");
        await(SqlShellTest::isSparkAtWork);
        type(CTRL_C);
        await("The statement was cancelled.");
        await(() -> !isSparkAtWork());
        type("select 6 * 7 as answer;\n");
        await("42");
        assertThat(screen()).doesNotContain("lake: ");
    }

    @Test
    void tabCompletesAndTheAnswerIsThere() throws Exception {
        type("select title from user_data.act\twhere prod\t= 'Maps';\n");
        await("Zürich");
    }

    @Test
    void rowsThatAreWiderThanTheTerminalHaveOneValueInALine() throws Exception {
        type("select title, repeat('x', 70) as wide from user_data.activity where product = 'Maps';\n");
        await("─[ RECORD 1 ]────────────\n title │ Zürich\n wide  │ " + "x".repeat(70));
        type("\\x off\n");
        await("Expanded display is off.");
        type("select title, repeat('y', 70) as wide from user_data.activity where product = 'Maps';\n");
        await(" Zürich │ " + "y".repeat(70));
    }

    @Test
    void whatTheShellItselfIsAskedIsAnswered() throws Exception {
        type("\\d\n");
        await("user_data.activity  What people did with products");
        type("\\d user_data.activity\n");
        await("title    string");
        await("Partitioned by month.");
        type("\\d nothing\n");
        await("lake: there is no table nothing");
        type("\\timing\n");
        await("Timing is on.");
        type("\\format csv\n");
        type("select title from user_data.activity where product = 'Maps';\n");
        await("title\nZürich\nTime: ");
        type("\\format xml\n");
        await("cause:  it takes table, csv, json");
        type("\\nonsense\n");
        await("lake: there is no command \\nonsense");
        type("help\n");
        await("\\format FORMAT");
    }

    @Test
    void statementsAreRememberedForTheirUserAlone() throws Exception {
        type("select 'kept' as one;\n");
        type(" select 'secret' as two;\n");
        await("secret");
        type("\\q\n");
        shell.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);

        Path file = state.resolve("datapunk-lake/sql_history");
        assertThat(file).content().contains("select 'kept' as one;").doesNotContain("secret");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void nothingIsRememberedWhereThatIsTurnedOff() {
        assertThat(SqlHistory.file(Map.of("LAKE_SQL_HISTORY", "off", "XDG_STATE_HOME", state.toString())))
                .isEmpty();
    }

    private static boolean isSparkAtWork() {
        return SharedSpark.session().sparkContext().statusTracker().getActiveJobIds().length > 0;
    }

    private void type(String keys) throws IOException {
        terminal.processInputBytes(keys.replace('\n', '\r').getBytes(StandardCharsets.UTF_8));
    }

    private void await(String text) throws InterruptedException {
        await(() -> screen().contains(text));
    }

    private void await(BooleanSupplier isSo) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!isSo.getAsBoolean()) {
            assertThat(System.nanoTime()).as("the terminal shows%n%s", screen()).isLessThan(deadline);
            Thread.sleep(10);
        }
    }

    /** All that was shown, without the codes that move the cursor. */
    private String screen() {
        return AttributedString.stripAnsi(shown.toString(StandardCharsets.UTF_8))
                .replace("\r", "");
    }
}
