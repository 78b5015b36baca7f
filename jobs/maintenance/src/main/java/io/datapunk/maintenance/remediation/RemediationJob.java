package io.datapunk.maintenance.remediation;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.postgres.HotStoreUnavailableException;
import io.datapunk.lake.postgres.PostgresConnection;
import io.datapunk.lake.postgres.ServerSessions;
import io.datapunk.lake.postgres.ServerSessions.Session;
import io.datapunk.lake.postgres.ServerStatistics;
import io.datapunk.lake.storage.JobLease;
import io.datapunk.lake.storage.Leases;
import io.datapunk.lake.storage.StoreLatency;
import io.datapunk.lake.storage.Volumes;
import io.datapunk.maintenance.remediation.RemediationReport.Response;
import io.datapunk.maintenance.remediation.Situation.Server;
import io.datapunk.maintenance.remediation.Situation.Volume;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Looks whether something is about to run out, and does something about it; each act stands in the audit log before it. */
public final class RemediationJob {
    static final String ACTOR = "remediation";

    private final LakeConfig config;
    private final LakeHome home;
    private final Optional<PostgresConnection> server;
    private final RemedyActions actions;
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
        this.actions = new RemedyActions(config, home, server, relief);
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
                List<String> told = new ArrayList<>();
                if (finding.isToBeDone()) {
                    boolean done = true;
                    for (Remedy remedy : finding.remedies()) {
                        done &= act(finding, remedy, now, dryRun, told, problems);
                    }
                    if (done) {
                        acted.add(finding);
                    }
                }
                responses.add(new Response(
                        finding.trigger(), finding.subject(), finding.why(), told, finding.coolingUntil()));
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
            List<String> told,
            List<LakeException> problems) {
        if (dryRun) {
            told.add(remedy.text());
            return false;
        }
        Optional<List<String>> done = attempt(problems, () -> Optional.of(actions.carryOut(finding, remedy, now)));
        done.ifPresent(told::addAll);
        return done.isPresent();
    }
}
