package io.datapunk.tiering.heat;

import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.DeltaTables;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.model.table.AccessHoursTable;
import io.datapunk.lake.model.table.AccessLogTable;
import io.datapunk.lake.spark.LakeSession;
import io.datapunk.lake.storage.JobLease;
import io.datapunk.lake.storage.Leases;
import io.datapunk.tiering.FaultPoint;
import io.datapunk.tiering.policy.Accesses;
import io.datapunk.tiering.policy.Observation;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;

/**
 * Takes accesses from their sources into {@code lake.access_log}, rolls them up into {@code lake.access_hours}, and
 * derives the summary that plan and status read. A run costs what is new: it appends to the tables, and adds a segment to
 * the summary. A run begins with the batches that earlier ones left; see {@link Intake}.
 */
public final class HeatJob {
    private static final String JOB = "heat";

    private final SparkSession spark;
    private final LakeHome home;
    private final Duration window;
    private final List<AccessSource> sources;
    private final Optional<AccessRetention> retention;
    private final FaultPoint fault;

    /**
     * A job that takes in the spool and removes nothing.
     *
     * @param window how far back the summary reaches: the longest window of heat, or of an age rule, in use
     */
    public HeatJob(SparkSession spark, LakeHome home, Duration window) {
        this(spark, home, window, List.of(new SpoolSource()), Optional.empty(), FaultPoint.ofSystem());
    }

    /** As {@link #HeatJob(SparkSession, LakeHome, Duration)}, with other sources, and with what is to be removed. */
    public HeatJob(
            SparkSession spark,
            LakeHome home,
            Duration window,
            List<AccessSource> sources,
            Optional<AccessRetention> retention) {
        this(spark, home, window, sources, retention, FaultPoint.ofSystem());
    }

    HeatJob(
            SparkSession spark,
            LakeHome home,
            Duration window,
            List<AccessSource> sources,
            Optional<AccessRetention> retention,
            FaultPoint fault) {
        this.spark = spark;
        this.home = home;
        this.window = window;
        this.sources = List.copyOf(sources);
        this.retention = retention;
        this.fault = fault;
    }

    /**
     * Takes in everything that is new.
     *
     * @param now what counts as the present: later accesses wait, and observation ends here
     * @throws LakeException where another take-in is running, or a source or a table cannot be read or written
     */
    public HeatReport run(Instant now, Progress progress) {
        try (JobLease lease = new Leases(home).acquire(JOB)) {
            return LakeSession.internal(spark, () -> run(new Intake(spark, home, now, progress, fault)));
        } catch (IOException e) {
            throw LakeException.failed(
                    "the accesses at " + home.spool().getParent() + " could not be taken in",
                    e.getClass().getSimpleName() + ": " + e.getMessage(),
                    "make " + home.spool().getParent() + " writable and give it free space, then run `lake heat` again;"
                            + " nothing counts twice",
                    e);
        }
    }

    private HeatReport run(Intake intake) throws IOException {
        DeltaTables.ensure(spark, home, AccessLogTable.DEFINITION);
        DeltaTables.ensure(spark, home, AccessHoursTable.DEFINITION);
        HeatFiles files = new HeatFiles(home.spool());
        Optional<HeatFiles.Manifest> before = files.manifest();
        long versionBefore = intake.version(AccessHoursTable.DEFINITION);
        intake.finishEarlierRuns();
        for (AccessSource source : sources) {
            source.collect(intake);
        }
        long version = intake.version(AccessHoursTable.DEFINITION);
        boolean continues = version == versionBefore + intake.counts().batches()
                && (versionBefore == 0
                        || before.filter(manifest -> manifest.accessHoursVersion() == versionBefore)
                                .isPresent());
        // A clock that leapt ahead removes nothing before a second run has seen the same time.
        Instant horizon = before.map(manifest -> manifest.observation().through())
                .filter(through -> through.isBefore(intake.now()))
                .orElse(intake.now());
        int expired = retention.map(rule -> rule.apply(intake, horizon, window)).orElse(0);
        HeatFiles.Manifest manifest =
                continues ? continued(intake, files, before) : derived(intake, files, before, version);
        files.publish(manifest);
        fault.reached("heat.summarised");
        IntakeCounts counts = intake.counts();
        return new HeatReport(
                counts.files(),
                counts.accepted() + counts.future() + counts.rejected() + counts.leftOut(),
                counts.accepted(),
                counts.future(),
                counts.rejected(),
                counts.leftOut(),
                counts.rejected() == 0 ? Optional.empty() : Optional.of(intake.rejectedFolder()),
                expired,
                manifest.observation(),
                counts.warnings());
    }

    /** The summary of before and this run's segments, made into one where they have become many. */
    private HeatFiles.Manifest continued(Intake intake, HeatFiles files, Optional<HeatFiles.Manifest> before)
            throws IOException {
        List<String> segments =
                new ArrayList<>(before.map(HeatFiles.Manifest::segments).orElse(List.of()));
        segments.addAll(intake.segments());
        HeatFiles.Manifest manifest = manifest(intake, before, intake.counts().earliest(), segments);
        if (!files.areScattered(segments)) {
            return manifest;
        }
        Map<String, byte[]> all = files.read(manifest);
        return manifest.with(files.write("all-" + manifest.accessHoursVersion(), HeatFiles.chunks(all)));
    }

    /** @param version of {@code lake.access_hours}, before anything was removed from it */
    private HeatFiles.Manifest derived(
            Intake intake, HeatFiles files, Optional<HeatFiles.Manifest> before, long version) throws IOException {
        HeatRollup rollup = new HeatRollup(spark, home, version);
        String segment = files.write("all-" + version, rollup.chunks(intake.now(), window));
        return manifest(intake, before, rollup.firstHour(), List.of(segment));
    }

    private HeatFiles.Manifest manifest(
            Intake intake, Optional<HeatFiles.Manifest> before, Optional<Instant> firstHour, List<String> segments) {
        Instant since = Stream.of(
                        before.map(manifest -> manifest.observation().since()), firstHour, Optional.of(intake.now()))
                .flatMap(Optional::stream)
                .min(Instant::compareTo)
                .orElseThrow();
        return new HeatFiles.Manifest(
                intake.version(AccessHoursTable.DEFINITION),
                new Observation(since, intake.now()),
                Accesses.hourOf(intake.now().minus(window)),
                segments);
    }
}
