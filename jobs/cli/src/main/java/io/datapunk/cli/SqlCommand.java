package io.datapunk.cli;

import io.datapunk.lake.sql.SqlFormat;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lake sql}. */
@Command(
        name = "sql",
        description = {
            "Run Spark SQL over the lake's tables, as user_data.activity. It counts as an access.",
            "Without a statement: on a terminal, a shell with history and completion (\\? there tells its commands);"
                    + " else the statements that stdin has, each ended by a semicolon, up to the first that fails."
        })
final class SqlCommand implements Job {
    @ArgGroup
    private Source source = new Source();

    /** Where the statements come from, unless from stdin. */
    private static final class Source {
        @Parameters(
                paramLabel = "STATEMENT",
                description = "As \"select product, count(*) from user_data.activity group by 1\".")
        private String statement;

        @Option(
                names = "--file",
                paramLabel = "FILE",
                description = "Run the statements of this file, as those of stdin.")
        private Path file;
    }

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "One of: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private SqlFormat format;

    @Option(
            names = "--fresh",
            description = "Bring what applications wrote in PostgreSQL to Delta first, so that the answer has it.")
    private boolean fresh;

    @Override
    public Outcome run(Invocation invocation) {
        // First: where it cannot be read, nothing has been done.
        Optional<SqlScript> script = script(invocation);
        if (fresh) {
            new SyncRun(invocation).run();
        }
        if (source.statement != null) {
            return new SqlRun(invocation.config()).run(source.statement, format, invocation.json());
        }
        if (script.isPresent()) {
            return new SqlScriptRun(invocation.config()).run(script.get(), format, invocation.json());
        }
        SqlShell.run(invocation.config(), format, System.getenv());
        return Outcome.of(List.of(), out -> {});
    }

    /** Empty where a statement is given, and where a person is going to type them. */
    private Optional<SqlScript> script(Invocation invocation) {
        StandardInput stdin = invocation.stdin();
        if (source.file != null) {
            return Optional.of(SqlScript.read(source.file));
        }
        boolean isTyped = stdin.isTerminal() && !invocation.json();
        return source.statement != null || isTyped ? Optional.empty() : Optional.of(SqlScript.read(stdin.stream()));
    }

    @Override
    public boolean isWatched() {
        return false;
    }
}
