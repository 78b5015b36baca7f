package io.datapunk.analytics.report;

import io.datapunk.analytics.report.LakeReport.Audit;
import io.datapunk.analytics.report.LakeReport.Queries;
import io.datapunk.lake.audit.AuditDamage;
import io.datapunk.lake.audit.AuditReport;
import io.datapunk.lake.audit.AuditTrail;
import io.datapunk.lake.audit.AuditTrail.InclusionOfEntry;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.TableLog;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.postgres.HotStoreUnavailableException;
import io.datapunk.lake.postgres.PostgresServer;
import io.datapunk.lake.postgres.Served;
import io.datapunk.lake.postgres.ServedPartitions;
import io.datapunk.lake.postgres.SlowQuery;
import io.datapunk.lake.spark.LakeSession;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;

/** Writes one page that tells its owner of the lake. Changes nothing in it. */
public final class ReportJob {
    private static final Duration HEAT = Duration.ofDays(30);
    private static final int STEPS = 4;

    private final SparkSession spark;
    private final LakeConfig config;
    private final LakeHome home;
    private final TableLog log;
    private final List<String> problems = new ArrayList<>();
    private Map<PartitionName, Served> served = Map.of();
    private Queries queries = new Queries(List.of(), "PostgreSQL does not run: nothing is hot");

    public ReportJob(SparkSession spark, LakeConfig config, LakeHome home) {
        this.spark = spark;
        this.config = config;
        this.home = home;
        this.log = TableLog.of(config, home);
    }

    /**
     * What a page tells in short.
     *
     * @param bytes of the page
     * @param attention what somebody should look at
     * @param problems what could not be asked
     */
    public record Written(Path file, long bytes, int partitions, List<String> attention, List<String> problems) {}

    /**
     * Writes the page.
     *
     * @param period back from now, of what happened
     * @param file replaced where it is such a page
     * @param dryRun gather everything, write nothing
     * @throws LakeException (usage) where the file is another one, (failed) where it cannot be written
     */
    public Written run(Path file, Duration period, Instant now, boolean dryRun, Progress progress) {
        ReportPage page = new ReportPage(file);
        page.requireReplaceable();
        LakeReport report;
        try (Progress.Stage stage = progress.begin("gathering", STEPS, "steps")) {
            askPostgres();
            stage.advance(1);
            Audit audit = audit();
            stage.advance(1);
            report = LakeSession.internal(spark, () -> gather(audit, now, now.minus(period), stage));
        }
        byte[] html = page.render(report);
        if (!dryRun) {
            page.write(html);
        }
        return new Written(
                file,
                html.length,
                report.partitions().size(),
                report.attention().stream().map(Attention.Item::text).toList(),
                problems);
    }

    private LakeReport gather(Audit audit, Instant now, Instant since, Progress.Stage stage) {
        ReportTables tables = new ReportTables(spark, home, log);
        PartitionMap map = new PartitionMap(served, tables.accesses(now.minus(HEAT)));
        for (DatasetName dataset : log.tables()) {
            log.snapshot(dataset).ifPresent(map::add);
        }
        stage.advance(1);
        List<LakeReport.Move> moves = tables.moves(since);
        List<LakeReport.Import> imports = tables.imports(since);
        List<LakeReport.Quarantined> quarantine = tables.quarantine();
        List<LakeReport.Check> checks = tables.checks();
        List<LakeReport.Expected> expected = tables.expected();
        List<LakeReport.Compliance> compliance = tables.compliance();
        Optional<LakeReport.Drill> drill = tables.drill();
        Attention attention = new Attention(now);
        attention.ofAudit(audit);
        attention.ofImports(imports);
        attention.ofDrill(drill);
        attention.ofMoves(moves);
        attention.ofQuarantine(quarantine);
        attention.ofChecks(checks);
        attention.ofCapacity(expected);
        attention.ofCompliance(compliance);
        LakeReport report = new LakeReport(
                now,
                since,
                home.root(),
                attention.items(),
                map.datasets(),
                map.partitions(),
                moves,
                moves.size() < ReportTables.MOST_MOVES,
                imports,
                quarantine,
                tables.scores(since),
                checks,
                tables.sizes(since),
                expected,
                map.costs(config.tiering().prices()),
                queries,
                tables.tuning(),
                audit,
                tables.upkeep(),
                compliance,
                drill,
                List.copyOf(problems));
        stage.advance(1);
        return report;
    }

    /** One that is out of reach makes the page poorer, and is told. */
    private void askPostgres() {
        try (PostgresServer server =
                PostgresServer.openForReading(config.postgres(), home).orElse(null)) {
            if (server == null) {
                return;
            }
            served =
                    ServedPartitions.read(server.connection(), config.postgres().connectTimeout());
            queries = SlowQuery.read(server.connection())
                    .map(slow ->
                            new Queries(slow.stream().map(ReportJob::slowQuery).toList(), ""))
                    .orElseGet(() -> new Queries(
                            List.of(),
                            "the server does not count its queries: preload pg_stat_statements and restart it"));
        } catch (HotStoreUnavailableException e) {
            outOfReach(e.asFailure());
        } catch (LakeException e) {
            outOfReach(e);
        }
    }

    private void outOfReach(LakeException why) {
        problems.add(why.getMessage());
        queries = new Queries(List.of(), "PostgreSQL could not be asked: what is hot is told as it lies in files");
    }

    private static LakeReport.SlowQuery slowQuery(SlowQuery query) {
        return new LakeReport.SlowQuery(
                query.query(),
                query.calls(),
                query.meanMs(),
                query.maxMs(),
                query.totalMs(),
                query.cacheHitRatio().isPresent() ? query.cacheHitRatio().getAsDouble() : null);
    }

    private Audit audit() {
        AuditTrail trail = AuditTrail.of(config, home);
        AuditReport report = trail.verify();
        problems.addAll(report.problems());
        Optional<InclusionOfEntry> proof = report.intact() && report.signedEntries() > 0
                ? Optional.of(trail.prove(report.signedEntries() - 1))
                : Optional.empty();
        return new Audit(
                report.entries(),
                report.root(),
                report.signedEntries(),
                report.copies(),
                proof.map(found -> found.head().note()).orElse(""),
                proof.map(found -> found.head().verifier()).orElse(""),
                proof.map(InclusionOfEntry::leafHash).orElse(""),
                proof.map(InclusionOfEntry::path).orElse(List.of()),
                report.damages().stream().map(AuditDamage::toString).toList());
    }
}
