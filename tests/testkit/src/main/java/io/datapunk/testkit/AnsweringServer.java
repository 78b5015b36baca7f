package io.datapunk.testkit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * An HTTP server on the loopback address that answers what it was told to, and keeps what it was asked. What it does not know
 * is a 404.
 */
public final class AnsweringServer implements AutoCloseable {
    /**
     * What it was asked.
     *
     * @param line such as {@code POST /api/v2/backfills} or {@code GET /api/v2/dags?limit=100}
     * @param authorization the header, empty where there was none
     */
    public record Request(String line, String authorization, String body) {}

    private record Answer(int status, String body) {}

    private static final int NONE = -1;

    private final HttpServer server;
    private final Map<String, Deque<Answer>> answers = new ConcurrentHashMap<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();

    public AnsweringServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
        server.start();
    }

    /**
     * How a request is answered; several for one request follow each other, and the last one stays.
     *
     * @param line method and path; with the query, or for any
     */
    public AnsweringServer answer(String line, int status, String body) {
        answers.computeIfAbsent(line, any -> new ArrayDeque<>()).add(new Answer(status, body));
        return this;
    }

    /** The connection ends without an answer. */
    public AnsweringServer hangUp(String line) {
        return answer(line, NONE, "");
    }

    /** Without a slash at the end. */
    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    public List<Request> requests() {
        return List.copyOf(requests);
    }

    /** The lines of the requests, as method and path. */
    public List<String> asked() {
        return requests.stream().map(Request::line).toList();
    }

    private void handle(HttpExchange exchange) throws IOException {
        String path =
                exchange.getRequestMethod() + " " + exchange.getRequestURI().getRawPath();
        String query = exchange.getRequestURI().getRawQuery();
        String line = query == null ? path : path + "?" + query;
        requests.add(new Request(
                line,
                Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"))
                        .orElse(""),
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
        Answer answer = Optional.ofNullable(answers.get(line))
                .or(() -> Optional.ofNullable(answers.get(path)))
                .map(AnsweringServer::next)
                .orElse(new Answer(404, "{\"detail\":\"Not Found\"}"));
        if (answer.status() != NONE) {
            byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
        exchange.close();
    }

    private static Answer next(Deque<Answer> queue) {
        synchronized (queue) {
            return queue.size() > 1 ? queue.remove() : queue.element();
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
