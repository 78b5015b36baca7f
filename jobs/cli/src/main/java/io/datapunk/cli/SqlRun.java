package io.datapunk.cli;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.spark.SqlService;
import io.datapunk.lake.sql.SqlFormat;
import io.datapunk.lake.sql.SqlSink;
import java.io.IOException;
import java.util.List;

/** Runs one statement: an answer for a person is printed row by row, one for a program is collected. */
final class SqlRun {
    private final SqlService sql;

    SqlRun(LakeConfig config) {
        this.sql = new SqlService(config, LakeHome.openExisting(config));
    }

    Outcome run(String statement, SqlFormat format, boolean json) {
        if (json) {
            return Outcome.of(sql.run(statement).toJson(), out -> {});
        }
        return Outcome.of(List.of(), out -> print(sink -> sql.run(statement, sink), format.to(out)));
    }

    /** A statement that was not run yet. */
    @FunctionalInterface
    interface Answer {
        void to(SqlSink sink) throws IOException;
    }

    static void print(Answer answer, SqlSink sink) {
        try {
            answer.to(sink);
        } catch (IOException e) {
            throw LakeException.failed(
                    "the answer could not be printed", e.getMessage(), "check what stdout goes to", e);
        }
    }
}
