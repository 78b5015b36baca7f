package io.datapunk.lake.config;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * The Airflow that the lake asks and tells.
 *
 * @param url of its API server; where there is one, there is a user with a password, or a token
 * @param user who logs in
 * @param token that is used first
 * @param connectTimeout time to wait for a connection
 * @param requestTimeout time to wait for each answer
 * @param retries of a request that can be repeated
 * @param pollInterval how often a wait looks
 * @param waitLimit how long it waits
 * @param events whether commands tell their end
 */
public record AirflowConfig(
        Optional<URI> url,
        Optional<String> user,
        Optional<Secret> password,
        Optional<Secret> token,
        Duration connectTimeout,
        Duration requestTimeout,
        int retries,
        Duration pollInterval,
        Duration waitLimit,
        boolean events) {
    static AirflowConfig read(ConfigReader reader) {
        AirflowConfig config = new AirflowConfig(
                reader.optionalAddress("url"),
                reader.optionalText("user"),
                reader.secret("password"),
                reader.secret("token"),
                reader.duration("connect-timeout"),
                reader.duration("request-timeout"),
                reader.integer("retries", 0, 10),
                reader.duration("poll-interval"),
                reader.duration("wait-limit"),
                reader.flag("events"));
        reader.require(
                config.user().isEmpty() || config.password().isPresent(),
                "user",
                "a password: set LAKE_AIRFLOW_PASSWORD, or name a file with lake.airflow.password-file",
                "password-file");
        reader.require(
                config.url().isEmpty()
                        || config.user().isPresent()
                        || config.token().isPresent(),
                "url",
                "lake.airflow.user, or a token: set LAKE_AIRFLOW_TOKEN, or name a file with lake.airflow.token-file",
                "token-file");
        reader.require(!config.events() || config.url().isPresent(), "events", "lake.airflow.url", "url");
        return config;
    }

    /** The same for somebody who has little time. */
    public AirflowConfig hurried(Duration patience) {
        return new AirflowConfig(url, user, password, token, patience, patience, 0, pollInterval, waitLimit, events);
    }
}
