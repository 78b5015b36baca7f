package io.datapunk.lake.postgres;

import io.datapunk.lake.model.LakeException;
import java.sql.SQLException;

/** The PostgreSQL error codes that the lake answers to. */
enum SqlState {
    INVALID_AUTHORIZATION("28000"),
    INVALID_PASSWORD("28P01"),
    DATABASE_MISSING("3D000"),
    DUPLICATE_DATABASE("42P04"),
    UNDEFINED_TABLE("42P01"),
    INSUFFICIENT_PRIVILEGE("42501"),
    UNIQUE_VIOLATION("23505"),
    FOREIGN_KEY_VIOLATION("23503"),
    OBJECT_NOT_READY("55000"),
    LOCK_NOT_AVAILABLE("55P03"),
    DISK_FULL("53100"),
    LIMIT_EXCEEDED("54000"),
    TOO_MANY_CONNECTIONS("53300"),
    CANNOT_CONNECT_NOW("57P03"),
    QUERY_CANCELLED("57014");

    private final String code;

    SqlState(String code) {
        this.code = code;
    }

    String code() {
        return code;
    }

    boolean is(SQLException e) {
        return code.equals(e.getSQLState());
    }

    /** No server, a server that is starting or stopping, or one that has no place left. */
    static boolean isUnreachable(SQLException e) {
        String state = e.getSQLState();
        return state == null || state.startsWith("08") || state.startsWith("57P") || TOO_MANY_CONNECTIONS.is(e);
    }

    /** The same rows would fail again: a value, a constraint or a limit that PostgreSQL does not accept. */
    static boolean isAboutTheData(SQLException e) {
        String state = e.getSQLState();
        return state != null && (state.startsWith("22") || state.startsWith("23") || state.startsWith("54"));
    }

    /** The first line; further lines quote the row, which is personal. */
    static String message(Throwable e) {
        String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        int end = message.indexOf('\n');
        return (end < 0 ? message : message.substring(0, end)).replaceFirst("^(ERROR|FATAL): ", "");
    }

    static LakeException failure(String problem, SQLException e) {
        String remedy;
        if (DISK_FULL.is(e)) {
            remedy = "free space on PostgreSQL's disk, then run the command again";
        } else if (INSUFFICIENT_PRIVILEGE.is(e)) {
            remedy = "let the configured user own the lake's schemas, or grant it what is missing";
        } else if (LOCK_NOT_AVAILABLE.is(e)) {
            remedy = "run the command again when no long query holds the table; pg_stat_activity lists them";
        } else {
            remedy = "run the command again; if it fails again, PostgreSQL's log has more (SQLSTATE " + e.getSQLState()
                    + ")";
        }
        return LakeException.failed(problem, message(e), remedy, e);
    }
}
