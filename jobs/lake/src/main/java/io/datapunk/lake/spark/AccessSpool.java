package io.datapunk.lake.spark;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.RuntimeConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Collects accesses in memory and every 30 s (another time where the session says so) writes them as one file of JSON lines into the home's spool. A
 * file is named {@code .open} while it is written and {@code .ndjson} once it is complete, so a reader never sees half
 * of one; a crash loses the accesses since the last turn and nothing else. A write that fails is tried again with the
 * next turn.
 */
final class AccessSpool {
    /** Session setting: the folder of the spool, where it is not {@code access/spool} under the home. */
    static final String FOLDER = "spark.lake.access.spool";
    /** Session setting: seconds between two writes. */
    static final String FLUSH_SECONDS = "spark.lake.access.flush-seconds";

    /** About 40 MB of heap; reached only where the spool cannot be written for a long time. */
    private static final int MOST_WAITING = 200_000;

    private static final Logger LOG = LoggerFactory.getLogger(AccessSpool.class);
    private static final JsonFactory JSON = new JsonFactory();

    private final Path folder;
    private final Configuration configuration;
    private final ScheduledExecutorService clock;
    private final List<AccessListener.Access> waiting = new ArrayList<>();
    private boolean warned;

    private AccessSpool(Path folder, Configuration configuration) {
        this.folder = folder;
        this.configuration = configuration;
        this.clock = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread thread = new Thread(work, "lake-access-spool");
            thread.setDaemon(true);
            return thread;
        });
    }

    static AccessSpool open(SessionHome home, RuntimeConfig session, Configuration configuration) {
        String folder = session.get(FOLDER, "");
        AccessSpool spool = new AccessSpool(
                folder.isEmpty() ? home.spool() : SessionHome.at(folder).root(), configuration);
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
        String name = UUID.randomUUID().toString();
        Path open = new Path(folder, name + ".open");
        Path complete = new Path(folder, name + ".ndjson");
        if (folder.toUri().getScheme() == null || folder.toUri().getScheme().equals("file")) {
            // Hadoop's local file system would leave a checksum file beside each.
            java.nio.file.Path local = java.nio.file.Path.of(folder.toUri().getPath());
            Files.createDirectories(local);
            try (OutputStream out = Files.newOutputStream(local.resolve(open.getName()))) {
                writeLines(out, accesses);
            }
            Files.move(
                    local.resolve(open.getName()), local.resolve(complete.getName()), StandardCopyOption.ATOMIC_MOVE);
        } else {
            // An object appears when it is complete, so it gets its final name at once.
            FileSystem store = folder.getFileSystem(configuration);
            try (OutputStream out = store.create(complete, false)) {
                writeLines(out, accesses);
            }
        }
    }

    private static void writeLines(OutputStream out, List<AccessListener.Access> accesses) throws IOException {
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.setRootValueSeparator(null);
            for (AccessListener.Access access : accesses) {
                json.writeStartObject();
                json.writeStringField("at", access.at().toString());
                json.writeStringField("partition", access.partition());
                json.writeStringField("origin", "spark");
                json.writeStringField("principal", access.principal());
                json.writeStringField("query_id", access.queryId());
                json.writeEndObject();
                json.writeRaw('\n');
            }
        }
    }

    private void warn(String message, Exception failure) {
        if (!warned) {
            warned = true;
            LOG.warn(message, failure);
        }
    }
}
