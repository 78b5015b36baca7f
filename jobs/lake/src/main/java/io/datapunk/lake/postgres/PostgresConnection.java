package io.datapunk.lake.postgres;

import io.datapunk.lake.model.LakeException;
import java.io.Serializable;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import java.util.function.Supplier;
import org.postgresql.Driver;

/**
 * How to reach a PostgreSQL server.
 *
 * @param url {@code jdbc:postgresql://host:port/database}, without user and password
 * @param password asked at each connection, so that a rotated one is picked up; travels to Spark tasks, never printed
 */
public record PostgresConnection(String url, String user, PasswordSupplier password) implements Serializable {
    private static final String URL_PREFIX = "jdbc:postgresql:";

    /** Where a password comes from. Serializable, because Spark tasks connect by themselves. */
    @FunctionalInterface
    public interface PasswordSupplier extends Supplier<String>, Serializable {}

    public PostgresConnection {
        if (!url.startsWith(URL_PREFIX)) {
            throw LakeException.usage(
                    "the PostgreSQL address is not usable",
                    "it does not begin with " + URL_PREFIX,
                    "write it like jdbc:postgresql://db.example.org:5432/lake");
        }
        if (url.contains("password=")) {
            throw LakeException.usage(
                    "the PostgreSQL address is not usable",
                    "it carries a password, and addresses appear in logs",
                    "take the password out of the address and set it in the environment or a password file");
        }
    }

    /** The same server, another database. */
    PostgresConnection withDatabase(String database) {
        int query = url.indexOf('?');
        String address = query < 0 ? url : url.substring(0, query);
        String options = query < 0 ? "" : url.substring(query);
        return new PostgresConnection(
                address.substring(0, address.lastIndexOf('/') + 1) + database + options, user, password);
    }

    /**
     * Opens a connection for work that may take long.
     *
     * @param purpose shown in {@code pg_stat_activity}
     * @throws HotStoreUnavailableException where the server does not answer
     * @throws LakeException where it refuses
     */
    Connection open(String purpose) {
        return open(purpose, Duration.ofSeconds(10), Duration.ZERO);
    }

    /**
     * Opens a connection.
     *
     * @param connectTimeout how long the server may take to answer
     * @param readTimeout how long any answer may take; zero is for ever
     */
    Connection open(String purpose, Duration connectTimeout, Duration readTimeout) {
        Properties properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password.get());
        properties.setProperty("ApplicationName", purpose);
        properties.setProperty("connectTimeout", seconds(connectTimeout));
        properties.setProperty("loginTimeout", seconds(connectTimeout));
        properties.setProperty("socketTimeout", seconds(readTimeout));
        properties.setProperty("tcpKeepAlive", "true");
        // Twenty connections that each do one COPY gain nothing from a second authentication attempt over GSS.
        properties.setProperty("gssEncMode", "disable");
        try {
            // Not by DriverManager: under spark-submit the driver is in a class loader that it does not look into.
            return new Driver().connect(url, properties);
        } catch (SQLException e) {
            throw refusal(e);
        }
    }

    private RuntimeException refusal(SQLException e) {
        if (SqlState.isUnreachable(e)) {
            return new HotStoreUnavailableException(url, e);
        }
        if (SqlState.INVALID_PASSWORD.is(e) || SqlState.INVALID_AUTHORIZATION.is(e)) {
            return LakeException.failed(
                    "PostgreSQL at " + url + " refuses user " + user,
                    SqlState.message(e),
                    "check lake.postgres.user and the password that belongs to it",
                    e);
        }
        return SqlState.failure("connecting to PostgreSQL at " + url + " failed", e);
    }

    private static String seconds(Duration duration) {
        // Zero would mean no limit.
        return Long.toString(duration.isZero() ? 0 : Math.max(1, duration.toSeconds()));
    }

    @Override
    public String toString() {
        return user + "@" + url;
    }
}
