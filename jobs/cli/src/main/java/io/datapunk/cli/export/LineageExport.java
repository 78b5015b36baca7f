package io.datapunk.cli.export;

import io.datapunk.lake.config.LineageConfig;
import io.datapunk.lake.config.Secret;
import io.datapunk.lake.delta.TableLog;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.LakeException;
import io.openlineage.client.OpenLineage.RunEvent;
import io.openlineage.client.OpenLineageClientException;
import io.openlineage.client.OpenLineageClientUtils;
import io.openlineage.client.transports.ApiKeyTokenProvider;
import io.openlineage.client.transports.HttpConfig;
import io.openlineage.client.transports.HttpTransport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Tells OpenLineage that a command has begun, beside the command, and how it ended. */
final class LineageExport implements JobExport {
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final int LONGEST_CAUSE = 300;

    /** Where events go. */
    private record Receiver(String name, String remedy, Consumer<RunEvent> emit) {}

    private final LineageEvents events;
    private final TableLog log;
    private final List<Receiver> receivers;
    // In the order in which they happened, whatever the network does.
    private final ExecutorService courier = Executors.newSingleThreadExecutor(action -> {
        Thread thread = new Thread(action, "lineage");
        thread.setDaemon(true);
        return thread;
    });
    private final Set<String> problems = new ConcurrentSkipListSet<>();
    private final Optional<SortedMap<DatasetName, Long>> before;

    private LineageExport(JobRun run) {
        this.events = new LineageEvents(run);
        this.log = TableLog.of(run.config(), run.home());
        this.receivers = receivers(run.config().lineage());
        this.before = versions();
    }

    /** Tells that the command has begun. */
    static LineageExport begin(JobRun run) {
        LineageExport export = new LineageExport(run);
        RunEvent started = export.events.started(run.startedAt());
        export.courier.execute(() -> export.emit(started));
        return export;
    }

    @Override
    public List<String> ended(JobEnd end) {
        SortedMap<DatasetName, Long> none = Collections.emptySortedMap();
        Optional<SortedMap<DatasetName, Long>> after = before.flatMap(known -> versions());
        RunEvent ended = events.ended(end, after.flatMap(known -> before).orElse(none), after.orElse(none));
        courier.execute(() -> emit(ended));
        courier.shutdown();
        try {
            // Each event has its own limit.
            courier.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return List.copyOf(problems);
    }

    private void emit(RunEvent event) {
        for (Receiver receiver : receivers) {
            try {
                receiver.emit().accept(event);
            } catch (RuntimeException | LinkageError e) {
                problems.add("lineage was not sent to " + receiver.name() + ": " + told(e) + "; " + receiver.remedy());
            }
        }
    }

    private Optional<SortedMap<DatasetName, Long>> versions() {
        try {
            return Optional.of(log.versions());
        } catch (LakeException e) {
            problems.add("lineage does not tell which tables were changed: " + e.getMessage());
            return Optional.empty();
        }
    }

    /** A server that does not know OpenLineage may answer with a whole page. */
    private static String told(Throwable problem) {
        Throwable first = problem instanceof OpenLineageClientException && problem.getCause() != null
                ? problem.getCause()
                : problem;
        String text = String.valueOf(first.getMessage()).lines().findFirst().orElse("");
        return text.length() > LONGEST_CAUSE ? text.substring(0, LONGEST_CAUSE) + "…" : text;
    }

    /** The file first: it answers at once. */
    private static List<Receiver> receivers(LineageConfig config) {
        List<Receiver> receivers = new ArrayList<>();
        config.file()
                .ifPresent(file -> receivers.add(new Receiver(
                        file, "lake.lineage.file has to be a file that can be written", event -> append(file, event))));
        config.url()
                .ifPresent(url -> receivers.add(new Receiver(
                        url.toString(),
                        "lake.lineage.url has to be the address of a server that takes OpenLineage's events",
                        transport(url, config.token())::emit)));
        return List.copyOf(receivers);
    }

    /** The library's own writer of files tells its log, and nobody else, that it could not. */
    private static void append(String file, RunEvent event) {
        try {
            Files.writeString(
                    Path.of(file),
                    OpenLineageClientUtils.toJson(event) + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e.toString(), e);
        }
    }

    private static HttpTransport transport(URI url, Optional<Secret> token) {
        HttpConfig http = new HttpConfig();
        http.setUrl(url);
        http.setTimeoutInMillis((int) PATIENCE.toMillis());
        token.ifPresent(secret -> {
            ApiKeyTokenProvider bearer = new ApiKeyTokenProvider();
            bearer.setApiKey(secret.reveal());
            http.setAuth(bearer);
        });
        return new HttpTransport(http);
    }
}
