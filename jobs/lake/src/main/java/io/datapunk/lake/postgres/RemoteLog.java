package io.datapunk.lake.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** The log of an operator's own server, read by SQL: it lies on another machine. */
final class RemoteLog implements ServerLog {
    private static final String FILES = """
            SELECT name, size, modification FROM pg_ls_logdir()
             WHERE name !~ '[.](json|csv|gz)$' ORDER BY modification, name
            """;

    private static final String READ =
            "SELECT pg_read_binary_file(current_setting('log_directory') || '/' || ?, ?, ?, true)";

    private static final String LACKING = """
            SELECT pg_has_role(current_user, 'pg_monitor', 'USAGE') AS listed,
                   has_function_privilege('pg_catalog.pg_read_binary_file(text, bigint, bigint, boolean)', 'EXECUTE')
                       AS readable,
                   current_setting('logging_collector') = 'on' AND current_setting('log_destination') ~ 'stderr' AS kept,
                   quote_ident(current_user) AS account
            """;

    private final Connection connection;

    RemoteLog(Connection connection) {
        this.connection = connection;
    }

    /** What an administrator has to do before the log can be read; nothing where it can. */
    List<String> lacking(String database) throws SQLException {
        List<String> lacking = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(LACKING)) {
            row.next();
            String account = row.getString("account");
            if (!row.getBoolean("listed")) {
                lacking.add("GRANT pg_monitor TO " + account);
            }
            if (!row.getBoolean("readable")) {
                lacking.add(
                        "GRANT EXECUTE ON FUNCTION pg_read_binary_file(text, bigint, bigint, boolean) TO " + account);
            }
            if (!row.getBoolean("kept")) {
                lacking.add("set logging_collector = on, with stderr in log_destination");
            }
        }
        if (LogPrefix.of(prefix(), database).isEmpty()) {
            lacking.add("set log_line_prefix as conf/postgres/server.conf has it, with %e and %u");
        }
        return lacking;
    }

    String prefix() throws SQLException {
        return Statements.texts(connection, "SELECT current_setting('log_line_prefix')")
                .get(0);
    }

    @Override
    public List<LogFile> files() throws SQLException {
        List<LogFile> found = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(FILES)) {
            while (rows.next()) {
                found.add(new LogFile(
                        rows.getString("name"),
                        rows.getLong("size"),
                        rows.getTimestamp("modification").toInstant()));
            }
        }
        return found;
    }

    @Override
    public byte[] read(String file, long offset, int length) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(READ)) {
            statement.setString(1, file);
            statement.setLong(2, offset);
            statement.setLong(3, length);
            try (ResultSet row = statement.executeQuery()) {
                byte[] block = row.next() ? row.getBytes(1) : null;
                return block == null ? new byte[0] : block;
            }
        }
    }
}
