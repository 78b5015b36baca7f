package io.datapunk.airflow;

import com.fasterxml.jackson.core.JsonParseException;
import io.datapunk.airflow.client.ApiClient;
import io.datapunk.airflow.client.ApiException;
import io.datapunk.airflow.client.LoginApi;
import io.datapunk.airflow.client.LoginBody;
import io.datapunk.airflow.client.LoginResponse;
import io.datapunk.lake.config.AirflowConfig;
import io.datapunk.lake.config.Secret;
import io.datapunk.lake.model.LakeException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** Makes calls: with a token, and again where that can do no harm. */
final class Calls {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);

    /** A request and its answer. */
    interface Call<T> {
        T make() throws ApiException;
    }

    private final AirflowConfig config;
    private final String server;
    private final ApiClient client;
    private final AtomicReference<String> token = new AtomicReference<>();

    /** @param server its address, without a slash at the end */
    Calls(AirflowConfig config, String server) {
        this.config = config;
        this.server = server;
        this.client = new ApiClient(
                // Airflow's server loses the body of a request that offers a newer version along with it.
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1),
                ApiClient.createDefaultObjectMapper(),
                server);
        client.setConnectTimeout(config.connectTimeout());
        client.setReadTimeout(config.requestTimeout());
        client.setRequestInterceptor(this::authorize);
        token.set(config.token().map(Secret::reveal).orElse(null));
    }

    /** What requests are made with. */
    ApiClient client() {
        return client;
    }

    private void authorize(HttpRequest.Builder request) {
        Optional.ofNullable(token.get()).ifPresent(known -> request.header("Authorization", "Bearer " + known));
    }

    /** Makes a call that does nothing, or nothing more when it is made again. */
    <T> T repeatable(Call<T> call) throws ApiException {
        return authorized(() -> persistently(true, call));
    }

    /** Makes a call that would do something twice: again only where nothing was done. */
    <T> T once(Call<T> call) throws ApiException {
        return authorized(() -> persistently(false, call));
    }

    /** A token may have ended meanwhile: then once more with a new one. */
    private <T> T authorized(Call<T> call) throws ApiException {
        boolean fresh = token.get() == null;
        if (fresh) {
            login();
        }
        try {
            return call.make();
        } catch (ApiException e) {
            if (!new Problem(server, e).isOfToken() || fresh || config.user().isEmpty()) {
                throw e;
            }
            login();
            return call.make();
        }
    }

    private void login() {
        String user = config.user().orElseThrow();
        LoginBody body = new LoginBody()
                .username(user)
                .password(config.password().orElseThrow().reveal());
        token.set(null);
        try {
            LoginResponse response = persistently(true, () -> new LoginApi(client).createToken(body));
            token.set(Optional.ofNullable(response.getAccessToken())
                    .or(() -> Optional.ofNullable(response.getJwtToken()))
                    .orElseThrow(() -> LakeException.failed(
                            user + " cannot log in to Airflow",
                            server + "/auth/token answers without a token",
                            "name one in lake.airflow.token-file")));
        } catch (ApiException e) {
            throw new Problem(server, e).asLogin(user);
        }
    }

    private <T> T persistently(boolean repeatable, Call<T> call) throws ApiException {
        Duration pause = FIRST_PAUSE;
        for (int attempt = 0; ; attempt++) {
            try {
                T answer = call.make();
                if (answer == null) {
                    throw new ApiException(new JsonParseException("an empty answer"));
                }
                return answer;
            } catch (ApiException e) {
                Problem problem = new Problem(server, e);
                boolean again = problem.isUndone() || repeatable && problem.isPassing();
                if (!again || attempt == config.retries()) {
                    throw e;
                }
                pause(pause);
                pause = pause.multipliedBy(2);
            }
        }
    }

    /** @throws LakeException (failed) where the thread is to end */
    static void pause(Duration pause) {
        try {
            Thread.sleep(pause.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw LakeException.failed(
                    "the wait for Airflow was interrupted", "the command is to end", "run it again", e);
        }
    }
}
