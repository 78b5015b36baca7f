package io.datapunk.cli;

import io.datapunk.cli.SqlText.Statement;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.spark.SqlService;
import io.datapunk.lake.sql.SqlFormat;
import io.datapunk.lake.sql.SqlSession;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReader.Option;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.Terminal.Signal;
import org.jline.terminal.TerminalBuilder;

/**
 * Reads statements on a terminal and prints their answers, all in one session, until its user ends it. A failure is told
 * and ends nothing; Ctrl-C drops the line that is typed, or cancels the statement that runs.
 */
final class SqlShell {
    private final Terminal terminal;
    private final PrintWriter out;
    private final String lake;
    private final LakeNames names;
    private final ShellCommands commands;
    private final SqlService sql;
    private final LineReader reader;
    /** The thread that waits for an answer, while one does. */
    private final AtomicReference<Thread> waiting = new AtomicReference<>();

    private volatile boolean isCancelled;

    SqlShell(LakeConfig config, Terminal terminal, SqlFormat format, Optional<Path> history) {
        LakeHome home = LakeHome.openExisting(config);
        this.terminal = terminal;
        this.out = terminal.writer();
        // JLine's prompts are patterns.
        this.lake = home.root().substring(home.root().lastIndexOf('/') + 1).replace("%", "%%");
        this.names = new LakeNames(config, home);
        this.sql = new SqlService(config, home);
        this.commands = new ShellCommands(names, format, out);
        LineReaderBuilder builder = LineReaderBuilder.builder()
                .terminal(terminal)
                .parser(new SqlLine.LineParser())
                .completer(new SqlCompleter(names))
                // In SQL, != is no event of the history.
                .option(Option.DISABLE_EVENT_EXPANSION, true)
                .option(Option.HISTORY_IGNORE_SPACE, true)
                .option(Option.CASE_INSENSITIVE, true)
                .variable(LineReader.SECONDARY_PROMPT_PATTERN, lake + "%M> ");
        history.ifPresent(file -> builder.variable(LineReader.HISTORY_FILE, file));
        this.reader = builder.build();
    }

    /** Runs the shell on the terminal that this process has. */
    static void run(LakeConfig config, SqlFormat format, Map<String, String> environment) {
        try (Terminal terminal = TerminalBuilder.builder()
                .encoding(StandardCharsets.UTF_8)
                .dumb(true)
                .build()) {
            Optional<Path> history = Optional.empty();
            try {
                history = SqlHistory.file(environment);
            } catch (LakeException notKept) {
                Failure.of(notKept).print(terminal.writer());
            }
            new SqlShell(config, terminal, format, history).run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void run() {
        terminal.handle(Signal.INT, signal -> cancel());
        out.println("Statements end with a semicolon. \\? tells what else there is, TAB completes, Ctrl-D ends.");
        sql.prepare();
        try (SqlSession session = sql.session()) {
            boolean goesOn = true;
            while (goesOn) {
                try {
                    names.forget();
                    goesOn = take(reader.readLine(lake + "=> "), session);
                } catch (LakeException failure) {
                    Failure.of(failure).print(out);
                } catch (UserInterruptException dropped) {
                    continue;
                } catch (EndOfFileException end) {
                    goesOn = false;
                }
                out.flush();
            }
        }
    }

    /** Returns whether the shell goes on. */
    private boolean take(String typed, SqlSession session) {
        if (ShellCommand.isOne(typed)) {
            return commands.obey(typed);
        }
        for (Statement statement : SqlText.of(typed).statements()) {
            if (!answer(statement, session)) {
                // Those behind it may need what it did not do.
                break;
            }
        }
        return true;
    }

    /** Returns whether it succeeded. */
    private boolean answer(Statement statement, SqlSession session) {
        long start = System.nanoTime();
        isCancelled = false;
        waiting.set(Thread.currentThread());
        try {
            SqlRun.print(sink -> session.run(statement.inPlace(), sink), commands.answerTo(terminal.getWidth()));
            return true;
        } catch (LakeException failure) {
            if (isCancelled) {
                out.println("The statement was cancelled.");
            } else {
                Failure.of(failure).print(out);
            }
            return false;
        } finally {
            waiting.set(null);
            // Where the answer was quicker than its cancelling.
            Thread.interrupted();
            if (commands.isTimed()) {
                out.printf(Locale.ROOT, "Time: %.3f s%n", (System.nanoTime() - start) / 1e9);
            }
        }
    }

    private void cancel() {
        Thread thread = waiting.get();
        if (thread != null) {
            isCancelled = true;
            thread.interrupt();
        }
    }
}
