package io.datapunk.cli;

import io.datapunk.lake.sql.SqlFormat;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lake sql}. */
@Command(
        name = "sql",
        description =
                "Run one statement of Spark SQL over the lake's tables, as user_data.activity. It counts as an access.")
final class SqlCommand implements Job {
    @Parameters(
            paramLabel = "STATEMENT",
            description = "As \"select product, count(*) from user_data.activity group by 1\".")
    private String statement;

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
        if (fresh) {
            new SyncRun(invocation).run();
        }
        return new SqlRun(invocation.config()).run(statement, format, invocation.json());
    }

    @Override
    public boolean isWatched() {
        return false;
    }
}
