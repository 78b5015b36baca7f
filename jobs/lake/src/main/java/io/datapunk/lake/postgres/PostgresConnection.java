package io.datapunk.lake.postgres;

import io.datapunk.lake.config.PostgresTls;
import io.datapunk.lake.model.LakeException;
import java.io.Serializable;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.postgresql.Driver;
import org.postgresql.PGProperty;
import org.postgresql.jdbc.PreferQueryMode;

/**
 * How to reach a PostgreSQL server.
 *
 * @param url {@code jdbc:postgresql://host:port/database}, without user and password
 * @param password asked at each connection, so that a rotated one is picked up; travels to Spark tasks, never printed
 * @param properties further ones of the driver's, as {@code sslmode}; they win over the address
 */
public record PostgresConnection(String url, String user, PasswordSupplier password, Map<String, String> properties)
        implements Serializable {
    private static final String URL_PREFIX = "jdbc:postgresql:";

    /** Where a password comes from. Serializable, because Spark tasks connect by themselves. */
    @FunctionalInterface
    public interface PasswordSupplier extends Supplier<String>, Serializable {}

    public PostgresConnection {
        properties = Map.copyOf(properties);
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

    /** With what the address says of its protection. */
    public PostgresConnection(String url, String user, PasswordSupplier password) {
        this(url, user, password, Map.of());
    }

    /**
     * The same server, protected so. Files are read at each connection, so that a renewed certificate is picked up; Spark's
     * tasks read them where they run.
     */
    PostgresConnection with(PostgresTls tls) {
        Map<String, String> protection = new TreeMap<>(properties);
        tls.mode().ifPresent(mode -> protection.put(PGProperty.SSL_MODE.getName(), mode));
        tls.rootCertificate().ifPresent(file -> protection.put(PGProperty.SSL_ROOT_CERT.getName(), file));
        tls.certificate().ifPresent(file -> protection.put(PGProperty.SSL_CERT.getName(), file));
        tls.key().ifPresent(file -> protection.put(PGProperty.SSL_KEY.getName(), file));
        if (!tls.oldVersion()) {
            protection.put(PGProperty.SSL_FACTORY.getName(), NewTlsFactory.class.getName());
        }
        return new PostgresConnection(url, user, password, protection);
    }

    /** The same server, for statements that go there as text: {@code $1} in them is not taken for a parameter of theirs. */
    PostgresConnection withoutParameters() {
        Map<String, String> simple = new TreeMap<>(properties);
        simple.put(PGProperty.PREFER_QUERY_MODE.getName(), PreferQueryMode.SIMPLE.value());
        return new PostgresConnection(url, user, password, simple);
    }

    /** The same server, another database. */
    PostgresConnection withDatabase(String database) {
        int query = url.indexOf('?');
        String address = query < 0 ? url : url.substring(0, query);
        String options = query < 0 ? "" : url.substring(query);
        return new PostgresConnection(
                address.substring(0, address.lastIndexOf('/') + 1) + database + options, user, password, properties);
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
        Properties all = new Properties();
        all.setProperty("user", user);
        all.setProperty("password", password.get());
        all.setProperty("ApplicationName", purpose);
        all.setProperty("connectTimeout", seconds(connectTimeout));
        all.setProperty("loginTimeout", seconds(connectTimeout));
        all.setProperty("socketTimeout", seconds(readTimeout));
        all.setProperty("tcpKeepAlive", "true");
        // Twenty connections that each do one COPY gain nothing from a second authentication attempt over GSS.
        all.setProperty("gssEncMode", "disable");
        all.putAll(properties);
        try {
            // Not by DriverManager: under spark-submit the driver is in a class loader that it does not look into.
            return new Driver().connect(url, all);
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
