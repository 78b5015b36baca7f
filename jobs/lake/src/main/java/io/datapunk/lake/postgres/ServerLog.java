package io.datapunk.lake.postgres;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/** The files of PostgreSQL's log, wherever they lie. */
interface ServerLog {
    /** @param bytes that it has now */
    record LogFile(String name, long bytes, Instant modifiedAt) {}

    /** Those that are written in lines, in the order in which they were last written to. */
    List<LogFile> files() throws IOException, SQLException;

    /** At most so many bytes; none at the end, or where the file is gone. */
    byte[] read(String file, long offset, int length) throws IOException, SQLException;
}
