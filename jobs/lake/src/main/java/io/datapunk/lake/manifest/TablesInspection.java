package io.datapunk.lake.manifest;

import io.datapunk.lake.audit.AuditTrail;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.TableLog;
import io.datapunk.lake.manifest.Finding.Kind;
import io.datapunk.lake.manifest.ManifestEntry.Chained;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.storage.ColdCopies;
import io.datapunk.lake.storage.Stores;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;

/** Reads every live file of every table, and its log, and compares them with the manifests. Changes nothing. */
public final class TablesInspection {
    private final LakeConfig config;
    private final LakeHome home;
    private final Configuration store;

    public TablesInspection(LakeConfig config, LakeHome home) {
        this.config = config;
        this.home = home;
        this.store = Stores.configuration(config);
    }

    /**
     * What was read.
     *
     * @param files live ones
     * @param bytes of these
     * @param unhashed files of which only size and rows were compared, because no manifest has their hash
     */
    public record Report(int tables, long files, long bytes, long unhashed, List<Finding> findings) {}

    /** @throws LakeException where the store cannot be read */
    public Report run(Instant now, Progress progress) {
        ExecutorService workers = Manifests.workers();
        try {
            List<Finding> findings = new ArrayList<>();
            Map<DatasetName, ManifestHead> heads = heads();
            TreeSet<DatasetName> datasets = new TreeSet<>(new TableLog(home, store).tables());
            datasets.addAll(ManifestFolder.all(home, store));
            datasets.addAll(heads.keySet());
            Report report = new Report(0, 0, 0, 0, List.of());
            for (DatasetName dataset : datasets) {
                Report table = new TableReading(
                                dataset, Optional.ofNullable(heads.get(dataset)), workers, now, progress)
                        .run();
                findings.addAll(table.findings());
                report = new Report(
                        report.tables() + table.tables(),
                        report.files() + table.files(),
                        report.bytes() + table.bytes(),
                        report.unhashed() + table.unhashed(),
                        List.of());
            }
            return new Report(report.tables(), report.files(), report.bytes(), report.unhashed(), findings);
        } catch (IOException e) {
            throw LakeException.failed(
                    "the tables cannot be compared with their manifests",
                    e.getClass().getSimpleName() + ": " + e.getMessage(),
                    "check that the store is reachable and that you may read it",
                    e);
        } finally {
            workers.shutdownNow();
        }
    }

    /** The newest of each table, of the audit log and of the file beside it. */
    private Map<DatasetName, ManifestHead> heads() throws IOException {
        SortedMap<DatasetName, ManifestHead> heads = new TreeMap<>(new ManifestHeads(home).read());
        try {
            AuditTrail.of(config, home).read(0, entry -> {
                if (entry.action().equals(Manifests.EXTEND)) {
                    entry.details()
                            .forEach((dataset, head) -> heads.merge(
                                    DatasetName.parse(dataset),
                                    ManifestHead.parse(head),
                                    (one, other) -> one.sequence() > other.sequence() ? one : other));
                }
            });
        } catch (LakeException damagedLog) {
            // The examination of the audit log tells; until there the heads are as good as they were.
            return heads;
        }
        return heads;
    }

    private final class TableReading {
        private final DatasetName dataset;
        private final Optional<ManifestHead> head;
        private final ExecutorService workers;
        private final Instant now;
        private final Progress progress;

        private TableReading(
                DatasetName dataset,
                Optional<ManifestHead> head,
                ExecutorService workers,
                Instant now,
                Progress progress) {
            this.dataset = dataset;
            this.head = head;
            this.workers = workers;
            this.now = now;
            this.progress = progress;
        }

        private Report run() throws IOException {
            TableFiles files = new TableFiles(home, dataset, store);
            LogInspection log = new LogInspection(dataset, files, store, now);
            List<Finding> findings = new ArrayList<>();
            log.expect(files.listLog());
            TableState state = new TableState();
            ManifestFolder folder = ManifestFolder.of(home, dataset, store);
            try {
                Optional<Chained> tip = folder.read(entry -> {
                    state.apply(entry);
                    log.at(state);
                });
                headProblem(folder, tip.map(Chained::head)).ifPresent(findings::add);
            } catch (DamagedManifestException e) {
                findings.add(manifest(e.place(), e.getMessage(), "what was written"));
            }
            // Listed again: a commit that came since the first time may stand in the manifest already.
            SortedMap<String, FileStatus> listing = files.listLog();
            if (listing.isEmpty() && state.version() < 0) {
                return new Report(0, 0, 0, 0, findings);
            }
            findings.addAll(log.run(state, listing));
            long bytes = state.live().values().stream()
                    .mapToLong(file -> file.file().bytes())
                    .sum();
            try (Progress.Stage stage = progress.begin("reading " + dataset, bytes, "bytes")) {
                findings.addAll(new DataInspection(
                                dataset,
                                files,
                                store,
                                workers,
                                config.storage().cold().locations().isEmpty()
                                        ? Optional.empty()
                                        : Optional.of(ColdCopies.of(config, home)))
                        .run(state.live().values(), stage));
            }
            long unhashed = state.live().values().stream()
                    .filter(file -> file.sha256().isEmpty())
                    .count();
            return new Report(1, state.live().size(), bytes, unhashed, findings);
        }

        private Optional<Finding> headProblem(ManifestFolder folder, Optional<ManifestHead> tip) {
            if (head.isEmpty() || tip.equals(head)) {
                return Optional.empty();
            }
            long sequence = tip.map(ManifestHead::sequence).orElse(-1L);
            if (sequence > head.get().sequence()) {
                // A command that was killed before it wrote the head down, or one of another machine.
                return Optional.empty();
            }
            return Optional.of(manifest(
                    folder.path(""),
                    tip.map(found -> "it ends with entry " + found.sequence() + " of version " + found.version()
                                    + " and hash " + found.hash())
                            .orElse("it is missing"),
                    "entry " + head.get().sequence() + " of version "
                            + head.get().version() + " and hash " + head.get().hash()));
        }

        private Finding manifest(String place, String found, String expected) {
            return new Finding(
                    Kind.MANIFEST,
                    dataset.toString(),
                    place,
                    found,
                    expected,
                    "compare the table with a backup, then `lake doctor --deep --accept " + dataset
                            + "`, which begins its manifest anew");
        }
    }
}
