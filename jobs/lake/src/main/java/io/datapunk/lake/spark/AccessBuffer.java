package io.datapunk.lake.spark;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.datapunk.lake.storage.SpoolFolder;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.RuntimeConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Collects accesses in memory and every 30 s (another time where the session says so) writes them as one file into the
 * home's spool; a crash loses the accesses since the last turn and nothing else. A write that fails is tried again with
 * the next turn. A lake that was removed has nothing to measure any more, and is not made again.
 */
final class AccessBuffer {
    /** Session setting: the folder of the spool, where it is not {@code access/spool} under the home. */
    static final String FOLDER = "spark.lake.access.spool";
    /** Session setting: seconds between two writes. */
    static final String FLUSH_SECONDS = "spark.lake.access.flush-seconds";

    /** About 40 MB of heap; reached only where the spool cannot be written for a long time. */
    private static final int MOST_WAITING = 200_000;

    private static final Logger LOG = LoggerFactory.getLogger(AccessBuffer.class);
    private static final JsonFactory JSON = new JsonFactory();

    private final SessionHome home;
    private final Path folder;
    private final Configuration configuration;
    private final ScheduledExecutorService clock;
    private final List<AccessListener.Access> waiting = new ArrayList<>();
    private boolean warned;

    private AccessBuffer(SessionHome home, Path folder, Configuration configuration) {
        this.home = home;
        this.folder = folder;
        this.configuration = configuration;
        this.clock = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread thread = new Thread(work, "lake-access-spool");
            thread.setDaemon(true);
            return thread;
        });
    }

    static AccessBuffer open(SessionHome home, RuntimeConfig session, Configuration configuration) {
        String folder = session.get(FOLDER, "");
        AccessBuffer spool = new AccessBuffer(
                home, folder.isEmpty() ? home.spool() : SessionHome.at(folder).root(), configuration);
        spool.startClock(Long.parseLong(session.get(FLUSH_SECONDS, "30")));
        return spool;
    }

    private void startClock(long seconds) {
        var unused = clock.scheduleWithFixedDelay(this::flush, seconds, seconds, TimeUnit.SECONDS);
    }

    synchronized void add(AccessListener.Access access) {
        if (waiting.size() < MOST_WAITING) {
            waiting.add(access);
        } else {
            warn("accesses are lost: the spool " + folder + " cannot be written", null);
        }
    }

    /** Writes what waits. Never throws. */
    synchronized void flush() {
        if (home.isGone()) {
            waiting.clear();
        }
        if (waiting.isEmpty()) {
            return;
        }
        try {
            write(List.copyOf(waiting));
            waiting.clear();
            warned = false;
        } catch (IOException | RuntimeException failure) {
            warn("accesses wait in memory: the spool " + folder + " cannot be written", failure);
        }
    }

    /** Writes what waits, for the last time. */
    void close() {
        clock.shutdownNow();
        flush();
    }

    private void write(List<AccessListener.Access> accesses) throws IOException {
        Stream<String> lines = accesses.stream().map(AccessBuffer::line);
        if (folder.toUri().getScheme() == null || folder.toUri().getScheme().equals("file")) {
            // Hadoop's local file system would leave a checksum file beside each.
            new SpoolFolder(java.nio.file.Path.of(folder.toUri().getPath())).write(lines);
        } else {
            // An object appears when it is complete, so it gets its final name at once.
            Path complete = new Path(folder, UUID.randomUUID() + SpoolFolder.COMPLETE);
            FileSystem store = folder.getFileSystem(configuration);
            try (Writer out = new OutputStreamWriter(store.create(complete, false), StandardCharsets.UTF_8)) {
                for (String line : (Iterable<String>) lines::iterator) {
                    out.write(line);
                    out.write('\n');
                }
            }
        }
    }

    private static String line(AccessListener.Access access) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField("at", access.at().toString());
            json.writeStringField("partition", access.partition());
            json.writeStringField("origin", "spark");
            json.writeStringField("principal", access.principal());
            json.writeStringField("query_id", access.queryId());
            if (!access.filters().isEmpty()) {
                json.writeArrayFieldStart("filters");
                for (String column : access.filters()) {
                    json.writeString(column);
                }
                json.writeEndArray();
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private void warn(String message, Exception failure) {
        if (!warned) {
            warned = true;
            LOG.warn(message, failure);
        }
    }
}
