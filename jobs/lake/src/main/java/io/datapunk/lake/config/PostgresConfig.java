package io.datapunk.lake.config;

import java.time.Duration;
import java.util.Optional;

/**
 * The hot store.
 *
 * @param url JDBC URL of the operator's own server; empty: the embedded one
 * @param user name to log in with
 * @param password empty where none was set
 * @param port TCP port of the embedded server; 0: any free one
 * @param idleStop time after the last command until the embedded server stops
 * @param startTimeout time that the embedded server may take to start
 * @param connectTimeout time to wait for a connection
 * @param operationalTables whether the tables of schema {@code ops} are made, that applications fill
 * @param wal where the embedded server's log is archived
 * @param tls how connections to the operator's own server are protected
 */
public record PostgresConfig(
        Optional<String> url,
        String user,
        Optional<Secret> password,
        int port,
        Duration idleStop,
        Duration startTimeout,
        Duration connectTimeout,
        boolean operationalTables,
        WalConfig wal,
        PostgresTls tls) {
    static PostgresConfig read(ConfigReader reader) {
        PostgresConfig config = new PostgresConfig(
                reader.optionalText("url"),
                reader.text("user"),
                reader.secret("password"),
                reader.integer("port", 0, 65_535),
                reader.duration("idle-stop"),
                reader.duration("start-timeout"),
                reader.duration("connect-timeout"),
                reader.flag("operational-tables"),
                WalConfig.read(reader.at("wal")),
                PostgresTls.read(reader.at("tls"), reader.optionalText("url").isEmpty()));
        config.url.ifPresent(url -> {
            reader.require(
                    url.startsWith("jdbc:postgresql://"),
                    "url",
                    "a PostgreSQL JDBC URL, as jdbc:postgresql://host:5432/lake");
            reader.require(
                    !url.contains("password="), "url", "a URL without a password; set LAKE_POSTGRES_PASSWORD instead");
        });
        return config;
    }

    public boolean embedded() {
        return url.isEmpty();
    }
}
