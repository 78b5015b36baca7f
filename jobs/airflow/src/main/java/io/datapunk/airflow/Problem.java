package io.datapunk.airflow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.datapunk.airflow.client.ApiException;
import io.datapunk.lake.model.LakeException;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Why Airflow did not do what it was asked. */
final class Problem {
    private static final int LONGEST = 500;

    private final String server;
    private final ApiException exception;

    /** @param server its address */
    Problem(String server, ApiException exception) {
        this.server = server;
        this.exception = exception;
    }

    /** Whether another token may help: 403 is Airflow's word for one that it does not know, too. */
    boolean isOfToken() {
        return exception.getCode() == 401 || exception.getCode() == 403;
    }

    /**
     * Whether nothing was done, so that it can be asked for again, whatever it is: the request never left, or Airflow itself, and
     * no proxy, says that it is too busy, as with a database that is locked.
     */
    boolean isUndone() {
        return exception.getCause() instanceof ConnectException
                || exception.getCause() instanceof HttpConnectTimeoutException
                || exception.getCode() == 503 && detail().isPresent();
    }

    /** Whether it may be gone at the next attempt. What was asked may have been done. */
    boolean isPassing() {
        return exception.getCode() >= 500 || exception.getCode() == 0 && !isForeign();
    }

    /** Whether what answered is no Airflow. */
    private boolean isForeign() {
        return exception.getCause() instanceof JsonProcessingException;
    }

    /** @param problem what was not possible */
    LakeException as(String problem) {
        return switch (exception.getCode()) {
            case 0 ->
                isForeign()
                        ? usage(problem, server + " answers, but not as Airflow does", "correct lake.airflow.url")
                        : failed(
                                problem,
                                "Airflow at " + server + " does not answer: " + exception.getCause(),
                                "start its API server, or correct lake.airflow.url");
            case 400, 422 -> usage(problem, answered(), "correct what it names");
            case 401 ->
                usage(
                        problem,
                        answered(),
                        "make a new token for lake.airflow.token-file or LAKE_AIRFLOW_TOKEN, or let lake.airflow.user"
                                + " log in");
            case 403 ->
                failed(
                        problem,
                        answered(),
                        "give the user of lake.airflow, or of its token, a role in Airflow that may do it, as Op; where"
                                + " the token is what it refuses, make a new one");
            case 404 -> usage(problem, answered(), "correct the name; `lake airflow status` lists the DAGs");
            case 409 -> failed(problem, answered(), "wait for what is under way there, or look into its pages");
            default ->
                failed(problem, answered(), "try again; if it happens again, the log of its API server says why");
        };
    }

    /** Where the password, or the way to log in, was wrong. */
    LakeException asLogin(String user) {
        String problem = user + " cannot log in to Airflow";
        return switch (exception.getCode()) {
            case 401, 403 ->
                usage(
                        problem,
                        answered(),
                        "correct lake.airflow.user, and LAKE_AIRFLOW_PASSWORD or the file that"
                                + " lake.airflow.password-file names");
            case 404, 405 ->
                usage(
                        problem,
                        "there is no " + server + "/auth/token",
                        "correct lake.airflow.url; where Airflow's auth manager gives no tokens, name one in"
                                + " lake.airflow.token-file");
            default -> as(problem);
        };
    }

    private LakeException usage(String problem, String reason, String remedy) {
        return LakeException.usage(problem, reason, remedy);
    }

    private LakeException failed(String problem, String reason, String remedy) {
        return LakeException.failed(problem, reason, remedy, exception);
    }

    private String answered() {
        return "Airflow at " + server + " answered with status " + exception.getCode()
                + detail().map(detail -> ": " + detail).orElse("");
    }

    /** A sentence, an object with its reason, or a list of fields that are wrong. What was sent is not repeated. */
    private Optional<String> detail() {
        JsonNode detail;
        try {
            detail = new ObjectMapper()
                    .readTree(Optional.ofNullable(exception.getResponseBody()).orElse(""))
                    .path("detail");
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
        if (detail.isArray()) {
            List<String> fields = new ArrayList<>();
            detail.forEach(field ->
                    fields.add(name(field.path("loc")) + field.path("msg").asText()));
            return told(String.join("; ", fields));
        }
        return told(detail.isObject() ? detail.path("reason").asText() : detail.asText());
    }

    /** {@code logical_date: } of {@code ["body", "logical_date"]}. */
    private static String name(JsonNode location) {
        List<String> path = new ArrayList<>();
        location.forEach(part -> path.add(part.asText()));
        return path.size() < 2 ? "" : String.join(".", path.subList(1, path.size())) + ": ";
    }

    private static Optional<String> told(String text) {
        String line = text.strip().replaceAll("\\s+", " ");
        return Optional.of(line.length() > LONGEST ? line.substring(0, LONGEST) + "…" : line)
                .filter(any -> !any.isEmpty());
    }
}
