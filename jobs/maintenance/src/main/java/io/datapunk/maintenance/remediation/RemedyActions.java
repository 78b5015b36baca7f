package io.datapunk.maintenance.remediation;

import io.datapunk.lake.audit.AuditEvent;
import io.datapunk.lake.audit.AuditLog;
import io.datapunk.lake.audit.RoleSurrogates;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.postgres.PostgresConnection;
import io.datapunk.lake.postgres.ServerSessions;
import io.datapunk.lake.postgres.ServerSessions.Session;
import io.datapunk.lake.postgres.TableUpkeep;
import io.datapunk.maintenance.remediation.RemediationJob.Relief;
import io.datapunk.maintenance.task.Figure;
import io.datapunk.maintenance.task.LogFiles;
import io.datapunk.maintenance.task.StagingCleanup;
import io.datapunk.maintenance.task.Work;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Carries remedies out, each written down in the audit log before. */
final class RemedyActions {
    private static final int MOST_READ = 10;
    private static final Set<String> OWN = Set.of(RemediationJob.ACTOR);

    private final LakeConfig config;
    private final LakeHome home;
    private final Optional<PostgresConnection> server;
    private final Relief relief;
    private final AuditLog audit;

    RemedyActions(LakeConfig config, LakeHome home, Optional<PostgresConnection> server, Relief relief) {
        this.config = config;
        this.home = home;
        this.server = server;
        this.relief = relief;
        this.audit = AuditLog.of(config, home);
    }

    /**
     * Does it.
     *
     * @return what was done, for a person; empty where there was nothing to do
     */
    List<String> carryOut(Finding finding, Remedy remedy, Instant now) {
        if (remedy instanceof Remedy.EndIdleSession end) {
            return session(finding, remedy, "end-session", end.session(), now, ServerSessions::terminateIdle);
        } else if (remedy instanceof Remedy.EndQuery end) {
            return end.wasCancelled()
                    ? session(finding, remedy, "end-session", end.session(), now, ServerSessions::terminateQuery)
                    : session(finding, remedy, "cancel-query", end.session(), now, ServerSessions::cancelQuery);
        } else if (remedy instanceof Remedy.AnalyzeMostRead) {
            return analyze(finding, now);
        } else if (remedy instanceof Remedy.CompressLogs) {
            return compressLogs(finding, now);
        } else if (remedy instanceof Remedy.CleanTemporary) {
            return cleanTemporary(finding, now);
        }
        Remedy.MoveColdest move = (Remedy.MoveColdest) remedy;
        audit(finding, "move-coldest", finding.subject(), Map.of("bytes", Long.toString(move.bytes())), now);
        return relief.moveColdest(move.bytes());
    }

    private List<String> compressLogs(Finding finding, Instant now) {
        LogFiles logs = new LogFiles(config, home, RemediationJob.ACTOR);
        int files = logs.compress(now, true).size();
        if (files == 0) {
            return List.of();
        }
        audit(finding, "compress-logs", finding.subject(), Map.of("files", Integer.toString(files)), now);
        return changes(logs.compress(now, false));
    }

    /** Each removal stands in the audit log for itself. */
    private List<String> cleanTemporary(Finding finding, Instant now) {
        StagingCleanup staging = new StagingCleanup(config, home, RemediationJob.ACTOR);
        Duration age = config.maintenance().remediation().disk().temporaryAge();
        int folders = staging.run(age, now, OWN, true).figures().size();
        if (folders == 0) {
            return List.of();
        }
        audit(finding, "clean-temporary", finding.subject(), Map.of("folders", Integer.toString(folders)), now);
        Work.Done done = staging.run(age, now, OWN, false);
        return Stream.concat(changes(done.figures()).stream(), done.notes().stream())
                .toList();
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
        audit.append(new AuditEvent(now, RemediationJob.ACTOR, "remediation." + action, subject, all));
    }
}
