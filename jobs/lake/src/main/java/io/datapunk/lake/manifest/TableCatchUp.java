package io.datapunk.lake.manifest;

import io.datapunk.lake.delta.CheckpointReader;
import io.datapunk.lake.delta.CommitActions;
import io.datapunk.lake.delta.CommitReader.MalformedCommitException;
import io.datapunk.lake.delta.LogNames;
import io.datapunk.lake.delta.LoggedFile;
import io.datapunk.lake.manifest.ManifestEntry.Chained;
import io.datapunk.lake.model.DatasetName;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/** Takes the commits of one table into its manifest that it does not have yet. */
final class TableCatchUp {
    private static final int MOST_COMMITS = 64;
    private static final int MOST_FILES = 20_000;

    private final DatasetName dataset;
    private final Configuration store;
    private final TableFiles files;
    private final ManifestFolder folder;
    private final ExecutorService workers;
    private final boolean hashing;
    private final Instant now;

    TableCatchUp(
            DatasetName dataset,
            Configuration store,
            TableFiles files,
            ManifestFolder folder,
            ExecutorService workers,
            boolean hashing,
            Instant now) {
        this.dataset = dataset;
        this.store = store;
        this.files = files;
        this.folder = folder;
        this.workers = workers;
        this.hashing = hashing;
        this.now = now;
    }

    /**
     * Where the manifest is afterwards.
     *
     * @param problem why a commit was not taken in
     * @param setsSchema whether a version that came with it may have another schema
     */
    record Result(Optional<ManifestHead> head, Optional<String> problem, boolean setsSchema) {
        private Result(Optional<ManifestHead> head, Optional<String> problem) {
            this(head, problem, false);
        }
    }

    /** @param known how far the manifest went when it was last written; it may go further */
    Result run(Optional<ManifestHead> known) throws IOException {
        Optional<Chained> tip;
        try {
            tip = folder.tip();
        } catch (DamagedManifestException e) {
            return new Result(known, Optional.of(e.place() + ": " + e.getMessage()));
        }
        long sequence = tip.map(entry -> entry.entry().sequence()).orElse(-1L);
        if (known.isPresent() && sequence < known.get().sequence()) {
            return new Result(
                    known,
                    Optional.of("the manifest ends with entry " + sequence + ", and had "
                            + known.get().sequence()));
        }
        SortedMap<String, FileStatus> listing = files.listLog();
        if (tip.isPresent()) {
            Result result = follow(tip.get().head(), listing);
            boolean isAhead = known.isEmpty() || sequence > known.get().sequence();
            return new Result(result.head(), result.problem(), result.setsSchema() || isAhead);
        }
        return listing.containsKey(LogNames.commitName(0))
                ? follow(new ManifestHead(-1, -1, ManifestHead.NO_HASH), listing)
                : reset(0);
    }

    /** Begins anew with what is there now. */
    Result reset(long sequence) throws IOException {
        SortedMap<String, FileStatus> listing = files.listLog();
        long version = -1;
        Collection<LoggedFile> live = List.of();
        if (!listing.isEmpty() && !listing.containsKey(LogNames.commitName(0))) {
            Map<LogNames.Checkpoint, List<Path>> checkpoints =
                    new TreeMap<>((one, other) -> Long.compare(other.version(), one.version()));
            listing.forEach((name, status) -> LogNames.checkpoint(name).ifPresent(checkpoint -> checkpoints
                    .computeIfAbsent(checkpoint, any -> new ArrayList<>())
                    .add(status.getPath())));
            Optional<Map.Entry<LogNames.Checkpoint, List<Path>>> newest = checkpoints.entrySet().stream()
                    .filter(entry -> entry.getValue().size() == entry.getKey().parts())
                    .findFirst();
            if (newest.isEmpty()) {
                return new Result(
                        Optional.empty(), Optional.of("its log has neither its first commit nor a checkpoint"));
            }
            version = newest.get().getKey().version();
            live = new CheckpointReader(store).live(newest.get().getValue()).values();
        }
        List<LogFile> log = new ArrayList<>();
        for (Map.Entry<String, FileStatus> file : listing.entrySet()) {
            String name = file.getKey();
            long at = LogNames.commit(name).orElse(LogNames.beside(name).orElse(Long.MAX_VALUE));
            if (at <= version) {
                log.add(logFile(name, file.getValue()));
            }
        }
        ManifestEntry entry = new ManifestEntry(
                sequence, version, true, now, log, hashed(live), List.of(), Optional.empty(), Optional.empty());
        Optional<ManifestHead> head = folder.write(List.of(entry), ManifestHead.NO_HASH);
        return head.isEmpty() ? new Result(head, Optional.empty()) : follow(head.get(), listing);
    }

    private Result follow(ManifestHead from, SortedMap<String, FileStatus> listing) throws IOException {
        ManifestHead head = from;
        List<ManifestEntry> batch = new ArrayList<>();
        int batchFiles = 0;
        boolean setsSchema = false;
        Optional<String> problem = Optional.empty();
        long sequence = from.sequence();
        for (long version = from.version() + 1; ; version++) {
            TableFiles.Commit commit;
            try {
                commit = files.commit(version);
            } catch (FileNotFoundException end) {
                break;
            } catch (MalformedCommitException e) {
                problem = Optional.of("its commit " + version + " is not whole: " + e.getMessage());
                break;
            }
            batch.add(entry(++sequence, version, version == from.version() + 1, commit, listing));
            batchFiles += commit.actions().added().size();
            setsSchema |= version > 0 && commit.actions().schema().isPresent();
            if (batch.size() == MOST_COMMITS || batchFiles > MOST_FILES) {
                Optional<ManifestHead> written = folder.write(batch, head.hash());
                if (written.isEmpty()) {
                    return new Result(Optional.of(head), problem);
                }
                head = written.get();
                batch.clear();
                batchFiles = 0;
            }
        }
        if (!batch.isEmpty()) {
            head = folder.write(batch, head.hash()).orElse(head);
        }
        return new Result(head.sequence() < 0 ? Optional.empty() : Optional.of(head), problem, setsSchema);
    }

    /** @param first whether files beside the commit before may have come since that was taken in */
    private ManifestEntry entry(
            long sequence, long version, boolean first, TableFiles.Commit commit, SortedMap<String, FileStatus> listing)
            throws IOException {
        String name = LogNames.commitName(version);
        FileStatus status = listing.get(name);
        List<LogFile> log = new ArrayList<>();
        log.add(new LogFile(
                name,
                commit.digest().bytes(),
                status == null ? now.toEpochMilli() : status.getModificationTime(),
                commit.digest().sha256()));
        for (Map.Entry<String, FileStatus> file : listing.entrySet()) {
            long at = LogNames.beside(file.getKey()).orElse(-1);
            if (at == version || first && at == version - 1 && at >= 0) {
                addIfThere(log, file.getKey(), file.getValue());
            }
        }
        FileStatus pointer = listing.get(TableFiles.LAST_CHECKPOINT);
        if (pointer != null) {
            addPointer(log, pointer, version, first);
        }
        CommitActions actions = commit.actions();
        return new ManifestEntry(
                sequence,
                version,
                false,
                now,
                log,
                hashed(actions.added()),
                actions.removed(),
                actions.logRetention(),
                actions.schema().map(ManifestEntry::hash));
    }

    private void addPointer(List<LogFile> log, FileStatus pointer, long version, boolean first) throws IOException {
        try {
            LastCheckpoint found = LastCheckpoint.read(pointer.getPath(), store);
            if (found.version() == version || first && found.version() == version - 1) {
                LogFile file = logFile(TableFiles.LAST_CHECKPOINT, pointer);
                log.add(new LogFile(found.recordName(), file.bytes(), file.modified(), file.sha256()));
            }
        } catch (LastCheckpoint.MalformedException | FileNotFoundException leftToTheInspection) {
            return;
        }
    }

    private void addIfThere(List<LogFile> log, String name, FileStatus status) throws IOException {
        try {
            log.add(logFile(name, status));
        } catch (FileNotFoundException removedMeanwhile) {
            return;
        }
    }

    private LogFile logFile(String name, FileStatus status) throws IOException {
        FileDigest digest = files.digest(status.getPath());
        return new LogFile(name, digest.bytes(), status.getModificationTime(), digest.sha256());
    }

    private List<DataRecord> hashed(Collection<LoggedFile> added) throws IOException {
        List<Future<DataRecord>> records = new ArrayList<>();
        added.forEach(file -> records.add(workers.submit(() -> record(file))));
        List<DataRecord> done = new ArrayList<>();
        for (Future<DataRecord> future : records) {
            try {
                done.add(future.get());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("hashing the files of " + dataset + " was interrupted", e);
            } catch (ExecutionException e) {
                throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
            }
        }
        return done;
    }

    private DataRecord record(LoggedFile file) throws IOException {
        if (!hashing) {
            return new DataRecord(file, "", "");
        }
        return new DataRecord(
                file,
                digest(files.resolve(file.path()))
                        .filter(found -> found.bytes() == file.bytes())
                        .map(FileDigest::sha256)
                        .orElse(""),
                file.vectorPath().isEmpty()
                        ? ""
                        : digest(files.resolve(file.vectorPath()))
                                .map(FileDigest::sha256)
                                .orElse(""));
    }

    private Optional<FileDigest> digest(Path file) throws IOException {
        try {
            return Optional.of(files.digest(file));
        } catch (FileNotFoundException gone) {
            return Optional.empty();
        }
    }
}
