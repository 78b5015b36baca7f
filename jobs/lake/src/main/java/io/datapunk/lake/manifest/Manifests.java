package io.datapunk.lake.manifest;

import io.datapunk.lake.audit.AuditEvent;
import io.datapunk.lake.audit.AuditLog;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.TableLog;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.storage.ProcessLock;
import io.datapunk.lake.storage.Stores;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.hadoop.conf.Configuration;

/**
 * The manifests of all tables, which {@code lake doctor --deep} compares the tables with. They are brought up to date when
 * a command ends, also with what others have committed meanwhile, and their heads are written to the audit log as {@code
 * manifest.extend}: so neither a table nor its manifest can be set back unseen. A version with another schema stands there
 * as {@code table.schema}.
 */
public final class Manifests {
    static final String EXTEND = "manifest.extend";
    static final String ACCEPT = "manifest.accept";
    static final String SCHEMA = "table.schema";
    private static final int MOST_THREADS = 8;

    private final LakeConfig config;
    private final LakeHome home;
    private final Configuration store;
    private final ManifestHeads heads;

    private Manifests(LakeConfig config, LakeHome home) {
        this.config = config;
        this.home = home;
        this.store = Stores.configuration(config);
        this.heads = new ManifestHeads(home);
    }

    public static Manifests of(LakeConfig config, LakeHome home) {
        return new Manifests(config, home);
    }

    /**
     * Takes in every commit that is new. Where another process does so right now it does nothing: what that one does not
     * see the next command takes in.
     *
     * @return what could not be taken in, and why
     * @throws LakeException where the store or the audit log cannot be reached
     */
    public List<String> catchUp(Instant now) {
        return locked(false, List.of(), workers -> {
            SortedMap<DatasetName, ManifestHead> known = heads.read();
            Map<DatasetName, ManifestHead> after = new TreeMap<>(known);
            List<String> problems = new ArrayList<>();
            for (DatasetName dataset : new TableLog(home, store).tables()) {
                TableFiles files = new TableFiles(home, dataset, store);
                Optional<ManifestHead> head = Optional.ofNullable(known.get(dataset));
                if (head.isPresent() && !files.hasCommit(head.get().version() + 1)) {
                    continue;
                }
                try {
                    TableCatchUp.Result result =
                            catchUp(dataset, files, workers, now).run(head);
                    if (result.setsSchema()) {
                        noteSchemas(dataset, head, now);
                    }
                    result.head().ifPresent(reached -> after.put(dataset, reached));
                    result.problem().ifPresent(problem -> problems.add(notTaken(dataset, problem)));
                } catch (IOException e) {
                    // The other tables are taken in nevertheless.
                    problems.add(notTaken(dataset, e.getClass().getSimpleName() + ": " + e.getMessage()));
                }
            }
            note(known, after, now);
            return problems;
        });
    }

    private static String notTaken(DatasetName dataset, String problem) {
        return "the manifest of " + dataset + " was not brought up to date: " + problem + "; run `lake doctor --deep`";
    }

    /** Before the head is noted: killed in between, the next command finds the same change once more. */
    private void noteSchemas(DatasetName dataset, Optional<ManifestHead> known, Instant now) throws IOException {
        long since = known.map(ManifestHead::sequence).orElse(-1L);
        List<AuditEvent> events = new ArrayList<>();
        String[] schema = new String[1];
        try {
            ManifestFolder.of(home, dataset, store)
                    .read(entry -> entry.schemaHash().ifPresent(hash -> {
                        if (schema[0] != null && !hash.equals(schema[0]) && entry.sequence() > since) {
                            events.add(new AuditEvent(
                                    now,
                                    "lake",
                                    SCHEMA,
                                    dataset.toString(),
                                    Map.of(
                                            "version",
                                            Long.toString(entry.version()),
                                            "sha256",
                                            hash,
                                            "sha256_before",
                                            schema[0])));
                        }
                        schema[0] = hash;
                    }));
        } catch (DamagedManifestException e) {
            throw new IOException(e.place() + ": " + e.getMessage(), e);
        }
        events.forEach(AuditLog.of(config, home)::append);
    }

    /**
     * Takes a table as it is now for right, after a person has looked at what differs, or a restore has set it back on
     * purpose. Stands in the audit log first.
     *
     * @throws LakeException where it is not a table of the lake, or another process writes manifests
     */
    public void accept(DatasetName dataset, Instant now) {
        locked(true, true, workers -> {
            SortedMap<DatasetName, ManifestHead> known = heads.read();
            ManifestFolder folder = ManifestFolder.of(home, dataset, store);
            Optional<ManifestHead> before = Optional.ofNullable(known.get(dataset));
            long sequence =
                    folder.nextSequence(before.map(ManifestHead::sequence).orElse(-1L) + 1);
            AuditLog.of(config, home)
                    .append(new AuditEvent(
                            now,
                            "lake",
                            ACCEPT,
                            dataset.toString(),
                            Map.of(
                                    "sequence",
                                    Long.toString(sequence),
                                    "head_before",
                                    before.map(Objects::toString).orElse(""))));
            TableFiles files = new TableFiles(home, dataset, store);
            TableCatchUp.Result result = catchUp(dataset, files, workers, now).reset(sequence);
            Map<DatasetName, ManifestHead> after = new TreeMap<>(known);
            after.put(
                    dataset,
                    result.head()
                            .orElseThrow(() -> LakeException.failed(
                                    "table " + dataset + " cannot be taken as it is",
                                    result.problem().orElse("another process has written its manifest meanwhile"),
                                    "restore it from a backup")));
            note(known, after, now);
            return true;
        });
    }

    private TableCatchUp catchUp(DatasetName dataset, TableFiles files, ExecutorService workers, Instant now)
            throws IOException {
        return new TableCatchUp(
                dataset,
                store,
                files,
                ManifestFolder.of(home, dataset, store),
                workers,
                config.storage().manifest().hashing(),
                now);
    }

    private void note(Map<DatasetName, ManifestHead> before, Map<DatasetName, ManifestHead> after, Instant now)
            throws IOException {
        Map<String, String> changed = new TreeMap<>();
        after.forEach((dataset, head) -> {
            if (!head.equals(before.get(dataset))) {
                changed.put(dataset.toString(), head.toString());
            }
        });
        if (!changed.isEmpty()) {
            AuditLog.of(config, home).append(new AuditEvent(now, "lake", EXTEND, "lake", changed));
            // Killed before this, the next command writes the entry once more.
            heads.write(after);
        }
    }

    static ExecutorService workers() {
        return Executors.newFixedThreadPool(
                Math.min(MOST_THREADS, Math.max(2, Runtime.getRuntime().availableProcessors())));
    }

    @FunctionalInterface
    private interface Work<T> {
        T run(ExecutorService workers) throws IOException;
    }

    /** @param otherwise the result where another process has the lock and this one does not wait for it */
    private <T> T locked(boolean waits, T otherwise, Work<T> work) {
        try {
            Path file = home.runDirectory().resolve("manifest.lock");
            Optional<ProcessLock> lock = waits
                    ? Optional.of(ProcessLock.acquire(file, config.audit().lockTimeout()))
                    : ProcessLock.tryAcquire(file);
            if (lock.isEmpty()) {
                return otherwise;
            }
            ExecutorService workers = workers();
            try (ProcessLock held = lock.get()) {
                return work.run(workers);
            } finally {
                workers.shutdownNow();
            }
        } catch (IOException e) {
            throw LakeException.failed(
                    "the manifests of the tables cannot be brought up to date",
                    e.getClass().getSimpleName() + ": " + e.getMessage(),
                    "check that " + home.manifestPath() + " can be written; the next command does what is missing",
                    e);
        }
    }
}
