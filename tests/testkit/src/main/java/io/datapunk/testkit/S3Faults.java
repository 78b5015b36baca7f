package io.datapunk.testkit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiPredicate;
import java.util.function.Supplier;

/**
 * Stands in front of {@link SharedS3} and lets requests fail as a real store's do. Requests are forwarded with the bytes
 * and the headers that were signed.
 */
public final class S3Faults implements AutoCloseable {
    /** What happens to a request. */
    private enum Kind {
        /** It never reaches the store. */
        REFUSE,
        /** The store carries it out, and the answer is lost: the connection ends. */
        LOSE_ANSWER,
        /** It waits before it is forwarded. */
        DELAY,
        /** The store does as though nothing lay there. */
        FORGET_OBJECT,
        /** The first byte of its answer is another one. */
        DAMAGE_ANSWER
    }

    private static final String HOST = "host";

    /** What Java's client sets itself. */
    private static final Set<String> NOT_FORWARDED =
            Set.of("connection", "content-length", "expect", "upgrade", "transfer-encoding");

    static {
        // The signature covers the name under which the client called; Java's client would send another one.
        System.setProperty("jdk.httpclient.allowRestrictedHeaders", HOST);
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "s3-faults");
        thread.setDaemon(true);
        return thread;
    });
    private final HttpClient store =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<Fault> faults = new CopyOnWriteArrayList<>();
    private final List<String> seen = new CopyOnWriteArrayList<>();
    private final AtomicInteger disturbed = new AtomicInteger();
    private volatile Supplier<Optional<Fault>> disturbance = Optional::empty;

    private record Fault(
            Kind kind, int status, Duration delay, BiPredicate<String, String> matches, AtomicInteger left) {
        private boolean takes(HttpExchange exchange) {
            return matches.test(
                            exchange.getRequestMethod(),
                            exchange.getRequestURI().getPath())
                    && left.getAndUpdate(times -> Math.max(0, times - 1)) > 0;
        }
    }

    private S3Faults(HttpServer server) {
        this.server = server;
    }

    /** A proxy without faults. */
    public static S3Faults start() {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            S3Faults faults = new S3Faults(server);
            server.setExecutor(faults.threads);
            server.createContext("/", faults::handle);
            server.start();
            return faults;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** Answers the next matching requests with an error instead of forwarding them; matched by method and path. */
    public S3Faults refuse(int times, int status, BiPredicate<String, String> matches) {
        faults.add(new Fault(Kind.REFUSE, status, Duration.ZERO, matches, new AtomicInteger(times)));
        return this;
    }

    /** Forwards the next matching requests and drops the connection instead of answering. */
    public S3Faults loseAnswers(int times, BiPredicate<String, String> matches) {
        faults.add(new Fault(Kind.LOSE_ANSWER, 0, Duration.ZERO, matches, new AtomicInteger(times)));
        return this;
    }

    /** Lets the next matching requests wait. */
    public S3Faults delay(int times, Duration delay, BiPredicate<String, String> matches) {
        faults.add(new Fault(Kind.DELAY, 0, delay, matches, new AtomicInteger(times)));
        return this;
    }

    /** Lets the next matching writes succeed over what lies there, as on a store that leaves out {@code If-None-Match}. */
    public S3Faults forgetObjects(int times, BiPredicate<String, String> matches) {
        faults.add(new Fault(Kind.FORGET_OBJECT, 0, Duration.ZERO, matches, new AtomicInteger(times)));
        return this;
    }

    /** Answers the next matching requests with a body whose first byte is wrong. */
    public S3Faults damageAnswers(int times, BiPredicate<String, String> matches) {
        faults.add(new Fault(Kind.DAMAGE_ANSWER, 0, Duration.ZERO, matches, new AtomicInteger(times)));
        return this;
    }

    /**
     * From now on disturbs a share of all requests, chosen by a seed: in turn one is refused as by a busy store (503), one is
     * carried out and not answered, and one waits.
     */
    public S3Faults disturb(double share, long seed, Duration delay) {
        Random random = new Random(seed);
        AtomicInteger turn = new AtomicInteger();
        List<Kind> kinds = List.of(Kind.REFUSE, Kind.LOSE_ANSWER, Kind.DELAY);
        disturbance = () -> random.nextDouble() < share
                ? Optional.of(new Fault(
                        kinds.get(turn.getAndIncrement() % kinds.size()),
                        503,
                        delay,
                        (method, path) -> true,
                        new AtomicInteger()))
                : Optional.empty();
        return this;
    }

    /** How many requests {@link #disturb} has disturbed. */
    public int disturbed() {
        return disturbed.get();
    }

    /** What came in, as {@code PUT /bucket/key 200}; 0 for an answer that was lost. */
    public List<String> seen() {
        return List.copyOf(seen);
    }

    /** Faults that were asked for and did not happen yet. */
    public int outstanding() {
        return faults.stream().mapToInt(fault -> fault.left().get()).sum();
    }

    private void handle(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        Fault fault = faults.stream()
                .filter(candidate -> candidate.takes(exchange))
                .findFirst()
                .or(this::disturbance)
                .orElse(null);
        try {
            if (fault != null && fault.kind() == Kind.REFUSE) {
                note(exchange, fault.status());
                answer(exchange, fault.status(), new byte[0]);
                return;
            }
            if (fault != null && fault.kind() == Kind.DELAY) {
                Thread.sleep(fault.delay().toMillis());
            }
            if (fault != null && fault.kind() == Kind.FORGET_OBJECT) {
                String[] bucketAndKey =
                        exchange.getRequestURI().getPath().substring(1).split("/", 2);
                SharedS3.client()
                        .deleteObject(object -> object.bucket(bucketAndKey[0]).key(bucketAndKey[1]));
            }
            HttpResponse<byte[]> response = store.send(forwarded(exchange, body), BodyHandlers.ofByteArray());
            if (fault != null && fault.kind() == Kind.LOSE_ANSWER) {
                note(exchange, 0);
                exchange.close();
                return;
            }
            note(exchange, response.statusCode());
            if (fault != null && fault.kind() == Kind.DAMAGE_ANSWER && response.body().length > 0) {
                response.body()[0] ^= 1;
            }
            response.headers().map().forEach((name, values) -> {
                if (!name.startsWith(":") && !NOT_FORWARDED.contains(name.toLowerCase(Locale.ROOT))) {
                    values.forEach(value -> exchange.getResponseHeaders().add(name, value));
                }
            });
            if (exchange.getRequestMethod().equals("HEAD")) {
                response.headers().firstValue("content-length").ifPresent(length -> exchange.getResponseHeaders()
                        .set("Content-Length", length));
            }
            answer(exchange, response.statusCode(), response.body());
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
            exchange.close();
        }
    }

    private Optional<Fault> disturbance() {
        Optional<Fault> fault = disturbance.get();
        fault.ifPresent(one -> disturbed.incrementAndGet());
        return fault;
    }

    private HttpRequest forwarded(HttpExchange exchange, byte[] body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(
                        SharedS3.endpoint() + exchange.getRequestURI().toString()))
                .method(
                        exchange.getRequestMethod(),
                        body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        exchange.getRequestHeaders().forEach((name, values) -> {
            if (!NOT_FORWARDED.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> request.header(name, value));
            }
        });
        return request.build();
    }

    private void note(HttpExchange exchange, int status) {
        seen.add(exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath() + " " + status);
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(status, head || body.length == 0 ? -1 : body.length);
        if (!head && body.length > 0) {
            exchange.getResponseBody().write(body);
        }
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
