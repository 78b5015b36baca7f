package io.datapunk.ingest.job;

import static org.apache.spark.sql.functions.col;

import io.datapunk.ingest.format.FormatRegistry;
import io.datapunk.ingest.job.Deduplication.LeftOutCounts;
import io.datapunk.ingest.job.ImportJournal.Begun;
import io.datapunk.ingest.job.IngestReport.ParserCounts;
import io.datapunk.ingest.job.IngestReport.Reject;
import io.datapunk.ingest.record.RecordKeys;
import io.datapunk.lake.config.IngestConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.container.Container;
import io.datapunk.lake.container.ContainerIndex;
import io.datapunk.lake.container.ContainerPart;
import io.datapunk.lake.container.SafetyLimits;
import io.datapunk.lake.container.Staging;
import io.datapunk.lake.delta.DeltaAppend;
import io.datapunk.lake.encryption.Keyring;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.model.table.DuplicatesTable;
import io.datapunk.lake.model.table.ImportFilesTable;
import io.datapunk.lake.model.table.ImportJobsTable;
import io.datapunk.lake.model.table.QuarantineTable;
import io.datapunk.lake.model.table.TableDefinition;
import io.datapunk.lake.model.table.UsersTable;
import io.datapunk.lake.spark.LakeSession;
import io.datapunk.lake.storage.JobLease;
import io.datapunk.lake.storage.Leases;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Takes an export in: index, read, de-duplicate, append, account. {@code imports.files} is written last of the import's
 * content; until it is there, a run of the same input takes the import up again and ends where an unbroken run would
 * have ended. Run by {@code lake ingest takeout-….zip --user ann}.
 */
public final class IngestJob {
    /** Staged rows take less room than the entries that they come from; text without markup comes closest. */
    private static final double STAGED_PER_BYTE = 1.2;

    private final SparkSession spark;
    private final LakeHome home;
    private final IngestConfig limits;
    private final LakeTableFiles lake;
    private final DeltaAppend append;
    private final Leases leases;
    private final Keyring keyring;
    private final ImportJournal journal;
    private final StagingFolders folders;
    private final SideBySide sideBySide;

    public IngestJob(SparkSession spark, LakeHome home, IngestConfig limits) {
        this.spark = spark;
        this.home = home;
        this.limits = limits;
        this.lake = new LakeTableFiles(spark, home);
        this.append = new DeltaAppend(spark, home);
        this.leases = new Leases(home);
        this.keyring = new Keyring(home.keysPath(), spark.sparkContext().hadoopConfiguration());
        this.journal = new ImportJournal(spark, home, lake, append);
        this.folders = new StagingFolders(home, limits.stagingRetention());
        this.sideBySide = new SideBySide(spark);
    }

    /**
     * Runs one import.
     *
     * @throws LakeException where the export cannot be read, another import of the same user runs, the disk is full, or
     *     records were not conserved; the import's row in {@code imports.jobs} then says failed
     */
    public IngestReport run(IngestRequest request, Progress progress) {
        ExportFiles.require(request);
        return LakeSession.internal(spark, () -> lead(request, progress));
    }

    /** An erasure that ended while this run waited has removed the name as well. */
    private void requireNotErased(String userId) {
        if (keyring.erasure(userId).isPresent()) {
            throw LakeException.failed(
                    "nothing was imported",
                    "the person " + userId + " is being erased, or was while this run began",
                    "when the erasure has ended, run the command again: the name then stands for a new person");
        }
    }

    private IngestReport lead(IngestRequest request, Progress progress) {
        long began = System.nanoTime();
        folders.removeLeftovers(request.now());
        List<TableDefinition> tables = tables();
        try (Progress.Stage stage = progress.begin("preparing tables", tables.size(), "tables")) {
            sideBySide.run(tables.stream()
                    .<Runnable>map(table -> () -> {
                        lake.ensure(table);
                        stage.advance(1);
                    })
                    .toList());
        }
        Path unpacked = folders.unpacked(request.exports());
        // Two runs of one export would unpack into the same folder
        try (JobLease ofExport = leases.acquire(Leases.unpackedIn(unpacked))) {
            Staging staging = new Staging(unpacked, limits.freeDiskMarginBytes());
            ContainerIndex index = Container.open(request.exports(), SafetyLimits.of(limits), staging, progress);
            ImportPlan plan = new ImportPlan(index, limits, cores(), staging);
            plan.requireSomething();
            // Only now: a refused export leaves nothing behind, also no person
            String userId = new LakeUsers(spark, lake, append, leases).surrogate(request.userName(), request.now());
            // The rows of two exports of one user are compared with each other
            try (JobLease ofUser = leases.acquire(Leases.importsOf(userId))) {
                requireNotErased(userId);
                IngestReport report = attempt(request, index, plan, userId, ofUser.epoch(), progress, began);
                folders.remove(unpacked);
                return report;
            }
        }
    }

    private IngestReport attempt(
            IngestRequest request,
            ContainerIndex index,
            ImportPlan plan,
            String userId,
            long epoch,
            Progress progress,
            long began) {
        List<String> names = index.parts().stream().map(ContainerPart::name).toList();
        Begun begun = journal.begin(userId, index.exportId(), names, fingerprint(index), epoch, request.now());
        try {
            return new Attempt(begun, index, request.now()).run(plan, progress, began);
        } catch (RuntimeException | Error e) {
            fail(begun, e);
            throw e;
        }
    }

    private int cores() {
        return spark.sparkContext().defaultParallelism();
    }

    private void fail(Begun begun, Throwable reason) {
        try {
            journal.failed(begun, Instant.now());
        } catch (RuntimeException e) {
            reason.addSuppressed(e);
        }
    }

    private record Result(
            Map<DatasetName, ImportCounts> datasets,
            List<ParserCounts> parsers,
            List<Reject> rejects,
            String parserVersions) {}

    /** One attempt at an import. */
    private final class Attempt {
        private final Begun begun;
        private final ContainerIndex index;
        private final ImportContext context;
        private final ImportOutcome outcome;

        Attempt(Begun begun, ContainerIndex index, Instant now) {
            this.begun = begun;
            this.index = index;
            Path rows = begun.committed() ? home.staging(begun.importId()) : folders.emptied(begun.importId());
            this.context =
                    new ImportContext(begun.importId(), begun.userId(), begun.epoch(), now, rows.toString(), limits);
            this.outcome = new ImportOutcome(spark, context, lake);
        }

        IngestReport run(ImportPlan plan, Progress progress, long began) {
            if (begun.committed()) {
                Result committed = new Result(
                        Map.of(), ImportOutcome.parsers(committedFiles()), List.of(), outcome.parserVersions());
                return conclude(committed, began);
            }
            List<WorkUnit> units = plan.units(progress);
            StagingFolders.requireRoom(
                    context.staging(), (long) (index.readableBytes() * STAGED_PER_BYTE), limits.freeDiskMarginBytes());
            UnitResult staged = new UnitRun(spark, context).run(units, progress);
            Deduplication deduplication = new Deduplication(spark, context, lake);
            LeftOutCounts leftOut;
            try (Progress.Stage stage = progress.begin("finding duplicates", staged.rows(), "rows")) {
                OccurrenceNumbers.settle(spark, context, staged);
                leftOut = deduplication.run(staged);
                stage.advance(staged.rows());
            }
            append(staged, deduplication, leftOut, progress);
            account(staged, deduplication, leftOut, progress);
            Result result = new Result(
                    ImportOutcome.datasets(staged, leftOut),
                    ImportOutcome.parsers(staged, leftOut),
                    ImportOutcome.rejects(staged),
                    ImportOutcome.parserVersions(staged));
            return conclude(result, began);
        }

        private void append(UnitResult staged, Deduplication deduplication, LeftOutCounts leftOut, Progress progress) {
            TableAppends appends = new TableAppends(spark, context, lake, append);
            try (Progress.Stage stage = progress.begin("writing tables", staged.rows() - leftOut.all(), "rows")) {
                List<Runnable> work = new ArrayList<>();
                for (TableDefinition definition : StagedTables.DEFINITIONS) {
                    long of = leftOut.of(definition.name());
                    long accepted = staged.rows(definition.name()) - of;
                    if (accepted > 0) {
                        work.add(() -> {
                            appends.rows(definition, staged, deduplication.leftOut(), of);
                            stage.advance(accepted);
                        });
                    }
                }
                sideBySide.run(work);
            }
        }

        /** Everything about the records that are no rows; the files come last. */
        private void account(UnitResult staged, Deduplication deduplication, LeftOutCounts leftOut, Progress progress) {
            TableAppends appends = new TableAppends(spark, context, lake, append);
            Dataset<Row> files = outcome.files(deduplication.leftOut()).cache();
            try (Progress.Stage stage = progress.begin("accounting for every record", 4, "steps")) {
                List<Runnable> work = new ArrayList<>();
                if (leftOut.all() > 0) {
                    work.add(() -> appends.duplicates(deduplication.leftOut(), files));
                }
                if (staged.quarantined() > 0) {
                    work.add(appends::quarantine);
                }
                work.add(() -> outcome.requireConservation(files, staged));
                sideBySide.run(work);
                stage.advance(3);
                appends.files(files);
                stage.advance(1);
            } finally {
                files.unpersist();
            }
        }

        private Dataset<Row> committedFiles() {
            return lake.read(ImportFilesTable.DEFINITION.name())
                    .where(col(ImportFilesTable.IMPORT_ID).equalTo(begun.importId()));
        }

        private IngestReport conclude(Result result, long began) {
            List<ParserCounts> parsers = result.parsers();
            ImportCounts counts =
                    parsers.stream().map(ParserCounts::counts).reduce(ImportCounts.NONE, ImportCounts::plus);
            long entries = parsers.stream().mapToLong(ParserCounts::files).sum();
            long bytes = parsers.stream().mapToLong(ParserCounts::bytes).sum();
            journal.done(begun, Instant.now(), counts, bytes, result.parserVersions());
            folders.remove(context.staging());
            List<String> shortfalls = YieldGate.shortfalls(parsers);
            List<String> warnings = new ArrayList<>(index.warnings());
            warnings.addAll(shortfalls);
            return new IngestReport(
                    begun.importId(),
                    begun.userId(),
                    begun.exportId(),
                    begun.containers(),
                    entries,
                    bytes,
                    counts,
                    result.datasets(),
                    parsers,
                    result.rejects(),
                    warnings,
                    !shortfalls.isEmpty(),
                    begun.resumed(),
                    Duration.ofNanos(System.nanoTime() - began));
        }
    }

    /** Every table that an import writes. */
    static List<TableDefinition> tables() {
        List<TableDefinition> tables = new ArrayList<>(StagedTables.DEFINITIONS);
        tables.add(UsersTable.DEFINITION);
        tables.add(ImportJobsTable.DEFINITION);
        tables.add(ImportFilesTable.DEFINITION);
        tables.add(DuplicatesTable.DEFINITION);
        tables.add(QuarantineTable.DEFINITION);
        return tables;
    }

    /**
     * Equal for equal input and equal code: the names and sizes of what was handed in, and the versions of keys and
     * formats. What other versions began is not taken up: their rows and these would not make one whole.
     */
    private static String fingerprint(ContainerIndex index) {
        StringJoiner fingerprint = new StringJoiner("\n");
        fingerprint.add("keys " + RecordKeys.VERSION).add("formats " + FormatRegistry.versions());
        for (ContainerPart part : index.parts()) {
            fingerprint.add(part.kind() + " " + part.name() + " " + part.bytes());
        }
        fingerprint.add(index.entries().size() + " entries of " + index.readableBytes() + " bytes");
        return fingerprint.toString();
    }
}
