package io.datapunk.maintenance.remediation;

import io.datapunk.lake.audit.AuditEvent;
import io.datapunk.lake.audit.AuditLog;
import io.datapunk.lake.audit.RoleSurrogates;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.postgres.HotStoreUnavailableException;
import io.datapunk.lake.postgres.PostgresConnection;
import io.datapunk.lake.postgres.ServerSessions;
import io.datapunk.lake.postgres.ServerSessions.Session;
import io.datapunk.lake.postgres.ServerStatistics;
import io.datapunk.lake.postgres.TableUpkeep;
import io.datapunk.lake.storage.JobLease;
import io.datapunk.lake.storage.Leases;
import io.datapunk.lake.storage.StoreLatency;
import io.datapunk.lake.storage.Volumes;
import io.datapunk.maintenance.remediation.RemediationReport.Response;
import io.datapunk.maintenance.remediation.Situation.Server;
import io.datapunk.maintenance.remediation.Situation.Volume;
import io.datapunk.maintenance.task.Figure;
import io.datapunk.maintenance.task.LogFiles;
import io.datapunk.maintenance.task.StagingCleanup;
import io.datapunk.maintenance.task.Work;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Looks whether something is about to run out, and does something about it; each act stands in the audit log before it. */
public final class RemediationJob {
    private static final String ACTOR = "remediation";
    private static final int MOST_READ = 10;

    private final LakeConfig config;
    private final LakeHome home;
    private final Optional<PostgresConnection> server;
    private final Relief relief;
    private final AuditLog audit;
    private final Rules rules;
    private final MemoryFile memory;

    /** Makes room, by what other jobs can do. */
    @FunctionalInterface
    public interface Relief {
        /**
         * Lets the coldest partitions leave PostgreSQL.
         *
         * @param bytes that should become free
         * @return what was done, for a person
         */
        List<String> moveColdest(long bytes);
    }

    /** @param server one that runs; empty where none does */
    public RemediationJob(LakeConfig config, LakeHome home, Optional<PostgresConnection> server, Relief relief) {
        this.config = config;
        this.home = home;
        this.server = server;
        this.relief = relief;
        this.audit = AuditLog.of(config, home);
        this.rules = new Rules(config.maintenance().remediation());
        this.memory = new MemoryFile(home);
    }

    /**
     * Looks once, and acts.
     *
     * @throws LakeException (failed) where another run is under way
     */
    public RemediationReport run(Instant now, boolean dryRun) {
        try (JobLease lease = new Leases(home).acquire(ACTOR)) {
            List<LakeException> problems = new ArrayList<>();
            List<Volumes.Volume> volumes = Volumes.of(home).distinct();
            Vitals vitals = look(volumes, problems);
            Situation situation = situation(vitals, volumes, problems);
            Memory before = memory.read();
            List<Response> responses = new ArrayList<>();
            List<Finding> acted = new ArrayList<>();
            for (Finding finding : rules.decide(situation, before, now)) {
                List<String> actions = new ArrayList<>();
                if (finding.isToBeDone()) {
                    boolean done = true;
                    for (Remedy remedy : finding.remedies()) {
                        done &= act(finding, remedy, now, dryRun, actions, problems);
                    }
                    if (done) {
                        acted.add(finding);
                    }
                }
                responses.add(new Response(
                        finding.trigger(), finding.subject(), finding.why(), actions, finding.coolingUntil()));
            }
            if (!dryRun) {
                memory.write(rules.remember(situation, before, acted, now));
            }
            return new RemediationReport(vitals, responses, problems);
        }
    }

    private Vitals look(List<Volumes.Volume> volumes, List<LakeException> problems) {
        Optional<ServerStatistics> found = attempt(problems, () -> server.map(ServerStatistics::read));
        Machine machine = Machine.look();
        return new Vitals(
                machine.processors(),
                machine.memory(),
                volumes.stream()
                        .collect(Collectors.toMap(
                                Volumes.Volume::name, volume -> (double) volume.used() / volume.size())),
                found,
                attempt(problems, () -> Optional.of(StoreLatency.measure(config, home))));
    }

    private Situation situation(Vitals vitals, List<Volumes.Volume> volumes, List<LakeException> problems) {
        boolean embedded = config.postgres().embedded() && server.isPresent();
        Optional<List<Session>> sessions = vitals.server().isEmpty()
                ? Optional.empty()
                : attempt(problems, () -> Optional.of(new ServerSessions(server.orElseThrow()).list()));
        return new Situation(
                sessions.map(found -> server(vitals.server().orElseThrow(), found)),
                volumes.stream()
                        .map(volume -> new Volume(
                                volume.name(),
                                volume.used(),
                                volume.size(),
                                embedded && volume.holds(home.postgresDirectory())))
                        .toList());
    }

    private static Server server(ServerStatistics statistics, List<Session> sessions) {
        return new Server(
                statistics.connections(),
                statistics.maxConnections(),
                sessions,
                statistics.blocksHit(),
                statistics.blocksRead());
    }

    /** A server that does not answer must not keep a disk from being helped. */
    private static <T> Optional<T> attempt(List<LakeException> problems, Supplier<Optional<T>> work) {
        try {
            return work.get();
        } catch (HotStoreUnavailableException e) {
            problems.add(e.asFailure());
        } catch (LakeException e) {
            problems.add(e);
        }
        return Optional.empty();
    }

    /** Whether it was done. */
    private boolean act(
            Finding finding,
            Remedy remedy,
            Instant now,
            boolean dryRun,
            List<String> actions,
            List<LakeException> problems) {
        if (dryRun) {
            actions.add(remedy.text());
            return false;
        }
        Optional<List<String>> done = attempt(problems, () -> Optional.of(act(finding, remedy, now)));
        done.ifPresent(actions::addAll);
        return done.isPresent();
    }

    private List<String> act(Finding finding, Remedy remedy, Instant now) {
        if (remedy instanceof Remedy.EndIdleSession end) {
            return session(finding, remedy, "end-session", end.session(), now, ServerSessions::terminateIdle);
        } else if (remedy instanceof Remedy.EndQuery end) {
            return end.wasCancelled()
                    ? session(finding, remedy, "end-session", end.session(), now, ServerSessions::terminateQuery)
                    : session(finding, remedy, "cancel-query", end.session(), now, ServerSessions::cancelQuery);
        } else if (remedy instanceof Remedy.AnalyzeMostRead) {
            return analyze(finding, now);
        } else if (remedy instanceof Remedy.CompressLogs) {
            audit(finding, "compress-logs", finding.subject(), Map.of(), now);
            return changes(new LogFiles(config, home, ACTOR).compress(now, false));
        } else if (remedy instanceof Remedy.CleanTemporary) {
            audit(finding, "clean-temporary", finding.subject(), Map.of(), now);
            Work.Done done = new StagingCleanup(config, home, ACTOR)
                    .run(config.maintenance().remediation().disk().temporaryAge(), now, Set.of(ACTOR), false);
            return Stream.concat(changes(done.figures()).stream(), done.notes().stream())
                    .toList();
        }
        Remedy.MoveColdest move = (Remedy.MoveColdest) remedy;
        audit(finding, "move-coldest", finding.subject(), Map.of("bytes", Long.toString(move.bytes())), now);
        return relief.moveColdest(move.bytes());
    }

    private static List<String> changes(List<Figure> figures) {
        return figures.stream()
                .map(figure -> String.format(
                        Locale.ROOT,
                        "%s: %,.0f bytes before, %,.0f after",
                        figure.subject(),
                        figure.before(),
                        figure.after().orElseThrow()))
                .toList();
    }

    @FunctionalInterface
    private interface Signal {
        boolean send(ServerSessions sessions, Session session);
    }

    private List<String> session(
            Finding finding, Remedy remedy, String action, Session session, Instant now, Signal signal) {
        String subject = "process " + session.process();
        audit(
                finding,
                action,
                subject,
                Map.of(
                        "role", new RoleSurrogates(config, home).of(session.role()),
                        "connected", session.began().toInstant().toString()),
                now);
        boolean sent = signal.send(new ServerSessions(server.orElseThrow()), session);
        return List.of(sent ? remedy.text() : subject + " has gone on meanwhile: nothing was done to it");
    }

    private List<String> analyze(Finding finding, Instant now) {
        List<String> actions = new ArrayList<>();
        try (TableUpkeep upkeep = TableUpkeep.open(
                server.orElseThrow(), config.maintenance().postgres().timeout())) {
            for (String table : upkeep.mostRead(MOST_READ)) {
                audit(finding, "analyze", table, Map.of(), now);
                upkeep.analyze(table);
                actions.add("analyse " + table);
            }
        }
        return actions;
    }

    private void audit(Finding finding, String action, String subject, Map<String, String> details, Instant now) {
        Map<String, String> all = new HashMap<>(details);
        all.put("trigger", finding.trigger().toString());
        all.put("why", finding.why());
        audit.append(new AuditEvent(now, ACTOR, "remediation." + action, subject, all));
    }
}
