package io.datapunk.lake.sql;

import io.datapunk.lake.model.LakeException;
import java.io.Closeable;
import java.io.IOException;

/**
 * Runs statements of which each sees what those before it have set: settings, {@code USE}, temporary views, variables.
 * For one thread; where that is interrupted, the statement that it runs is cancelled.
 */
public interface SqlSession extends Closeable {
    /**
     * Runs a statement and hands its rows on as they come.
     *
     * @throws LakeException (failed) where the statement is wrong, fails or is cancelled, or where what statements before
     *     it have set is gone, because the warm server is another one now
     * @throws IOException where the sink fails
     */
    void run(String statement, SqlSink sink) throws IOException;

    @Override
    void close();
}
