package io.datapunk.cli;

import io.datapunk.cli.SqlText.Statement;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.spark.SqlService;
import io.datapunk.lake.sql.SqlFormat;
import io.datapunk.lake.sql.SqlResult;
import io.datapunk.lake.sql.SqlSession;
import io.datapunk.lake.sql.SqlSink;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Runs statements one after the other in one session, and none after the first that fails. */
final class SqlScriptRun {
    private final SqlService sql;

    SqlScriptRun(LakeConfig config) {
        this.sql = new SqlService(config, LakeHome.openExisting(config));
    }

    Outcome run(SqlScript script, SqlFormat format, boolean json) {
        return json ? collected(script) : Outcome.of(List.of(), out -> print(script, format, out));
    }

    /** Where one fails, those before it have their answers nevertheless. */
    private Outcome collected(SqlScript script) {
        List<Object> answers = new ArrayList<>();
        try (SqlSession session = sql.session()) {
            for (Statement statement : script.statements()) {
                SqlResult.Collector answer = new SqlResult.Collector();
                run(session, script, statement, answer);
                answers.add(answer.result().toJson());
            }
        } catch (LakeException e) {
            return new Outcome(answers, out -> {}, List.of(), Optional.of(e));
        }
        return Outcome.of(answers, out -> {});
    }

    private void print(SqlScript script, SqlFormat format, PrintWriter out) {
        try (SqlSession session = sql.session()) {
            for (Statement statement : script.statements()) {
                run(session, script, statement, format.to(out, Integer.MAX_VALUE));
            }
        }
    }

    private static void run(SqlSession session, SqlScript script, Statement statement, SqlSink sink) {
        try {
            SqlRun.print(to -> session.run(statement.inPlace(), to), sink);
        } catch (LakeException e) {
            throw LakeException.failed(
                    "line " + statement.line() + " of " + script.name() + ": " + e.problem(),
                    e.reason(),
                    e.remedy(),
                    e);
        }
    }
}
