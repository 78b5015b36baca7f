package io.datapunk.maintenance.remediation;

import io.datapunk.lake.config.MaintenanceConfig.CacheHits;
import io.datapunk.lake.config.MaintenanceConfig.Connections;
import io.datapunk.lake.config.MaintenanceConfig.Disk;
import io.datapunk.lake.config.MaintenanceConfig.Remediation;
import io.datapunk.lake.postgres.ServerSessions.Session;
import io.datapunk.maintenance.remediation.Memory.Blocks;
import io.datapunk.maintenance.remediation.Memory.Reading;
import io.datapunk.maintenance.remediation.Situation.Server;
import io.datapunk.maintenance.remediation.Situation.Volume;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Decides what to do. Pure: a situation, what earlier runs have left, and the time go in. */
final class Rules {
    private static final String POSTGRES = "postgres";

    private final Remediation config;

    Rules(Remediation config) {
        this.config = config;
    }

    /** What has gone off, in the order in which something is to be done. */
    List<Finding> decide(Situation situation, Memory memory, Instant now) {
        List<Finding> findings = new ArrayList<>();
        situation.server().ifPresent(server -> {
            longQueries(server, memory).ifPresent(findings::add);
            connections(server, memory, now).ifPresent(findings::add);
            cacheHits(server, memory, now).ifPresent(findings::add);
        });
        situation.volumes().forEach(volume -> findings.addAll(disk(volume, memory, now)));
        return findings;
    }

    /**
     * What the next run has to know.
     *
     * @param acted what was done
     */
    Memory remember(Situation situation, Memory memory, List<Finding> acted, Instant now) {
        Map<String, Instant> lastActed = new HashMap<>(memory.lastActed());
        Set<String> cancelled = new HashSet<>();
        for (Finding finding : acted) {
            lastActed.put(key(finding.trigger(), finding.subject()), now);
            for (Remedy remedy : finding.remedies()) {
                if (remedy instanceof Remedy.EndQuery end) {
                    cancelled.add(query(end.session()));
                }
            }
        }
        // One that was told to end stays known for as long as it goes on.
        situation.server().ifPresent(server -> server.sessions().stream()
                .map(Rules::query)
                .filter(memory.cancelled()::contains)
                .forEach(cancelled::add));
        Map<String, List<Reading>> volumes = new HashMap<>();
        for (Volume volume : situation.volumes()) {
            volumes.put(
                    volume.name(),
                    Stream.concat(recent(volume, memory, now), Stream.of(new Reading(now, volume.used())))
                            .toList());
        }
        return new Memory(
                lastActed,
                cancelled,
                situation
                        .server()
                        .map(server -> new Blocks(server.blocksHit(), server.blocksRead()))
                        .or(memory::blocks),
                volumes);
    }

    private Optional<Finding> longQueries(Server server, Memory memory) {
        List<Session> running = server.sessions().stream()
                .filter(this::mayBeTouched)
                .filter(session -> session.active() && session.queryTime().compareTo(config.queryTime()) > 0)
                .toList();
        if (running.isEmpty()) {
            return Optional.empty();
        }
        List<Remedy> remedies = running.stream()
                .<Remedy>map(session ->
                        new Remedy.EndQuery(session, memory.cancelled().contains(query(session))))
                .toList();
        Duration longest = running.stream()
                .map(Session::queryTime)
                .max(Duration::compareTo)
                .orElseThrow();
        return Optional.of(new Finding(
                Trigger.LONG_QUERY,
                POSTGRES,
                String.format(
                        Locale.ROOT,
                        "longer than %s: %d of %d queries that run, the longest for %s",
                        text(config.queryTime()),
                        running.size(),
                        server.sessions().stream().filter(Session::active).count(),
                        text(longest)),
                remedies,
                Optional.empty()));
    }

    private Optional<Finding> connections(Server server, Memory memory, Instant now) {
        Connections limits = config.connections();
        if (server.share() < limits.above()) {
            return Optional.empty();
        }
        long surplus = server.connections() - (long) Math.floor(limits.until() * server.maxConnections());
        List<Remedy> remedies = server.sessions().stream()
                .filter(this::mayBeTouched)
                .filter(session -> session.idle() && session.inState().compareTo(limits.idle()) >= 0)
                .sorted(Comparator.comparing(Session::inState).reversed().thenComparing(Session::process))
                .limit(Math.max(0, surplus))
                .<Remedy>map(Remedy.EndIdleSession::new)
                .toList();
        return Optional.of(new Finding(
                Trigger.CONNECTIONS,
                POSTGRES,
                String.format(
                        Locale.ROOT,
                        "%d of %d connections are taken, %.0f %%, from %.0f %% on idle ones end",
                        server.connections(),
                        server.maxConnections(),
                        100 * server.share(),
                        100 * limits.above()),
                remedies,
                cooling(Trigger.CONNECTIONS, POSTGRES, limits.coolDown(), memory, now)));
    }

    private Optional<Finding> cacheHits(Server server, Memory memory, Instant now) {
        CacheHits limits = config.cacheHits();
        // Counters that have begun again count from zero.
        Blocks before = memory.blocks()
                .filter(blocks -> blocks.hit() <= server.blocksHit() && blocks.read() <= server.blocksRead())
                .orElse(new Blocks(0, 0));
        long hit = server.blocksHit() - before.hit();
        long blocks = hit + server.blocksRead() - before.read();
        if (blocks < limits.blocks() || (double) hit / blocks >= limits.below()) {
            return Optional.empty();
        }
        return Optional.of(new Finding(
                Trigger.CACHE_HITS,
                POSTGRES,
                String.format(
                        Locale.ROOT,
                        "%.1f %% of %,d blocks were found in memory, below %.0f %%",
                        100.0 * hit / blocks,
                        blocks,
                        100 * limits.below()),
                List.of(new Remedy.AnalyzeMostRead()),
                cooling(Trigger.CACHE_HITS, POSTGRES, limits.coolDown(), memory, now)));
    }

    private List<Finding> disk(Volume volume, Memory memory, Instant now) {
        Disk limits = config.disk();
        List<Finding> findings = new ArrayList<>();
        if (volume.share() >= limits.compressLogs()) {
            findings.add(
                    disk(Trigger.DISK_LOGS, volume, limits.compressLogs(), new Remedy.CompressLogs(), memory, now));
        }
        if (volume.share() >= limits.cleanTemporary()) {
            findings.add(disk(
                    Trigger.DISK_TEMPORARY, volume, limits.cleanTemporary(), new Remedy.CleanTemporary(), memory, now));
        }
        double ahead = ahead(volume, memory, now);
        if (volume.holdsServer() && ahead >= limits.moveColdest() * volume.size()) {
            // Down to where less is done about it.
            double goal = Math.min(limits.cleanTemporary(), limits.moveColdest()) * volume.size();
            long bytes = (long) Math.ceil(ahead - goal);
            findings.add(
                    disk(Trigger.DISK_DATA, volume, limits.moveColdest(), new Remedy.MoveColdest(bytes), memory, now));
        }
        return findings;
    }

    private Finding disk(Trigger trigger, Volume volume, double limit, Remedy remedy, Memory memory, Instant now) {
        return new Finding(
                trigger,
                volume.name(),
                String.format(
                        Locale.ROOT,
                        "the disk of %s is %.1f %% full and will be %.1f %% in %s, at or above %.1f %%",
                        volume.name(),
                        100 * volume.share(),
                        100 * ahead(volume, memory, now) / volume.size(),
                        text(config.disk().forecast()),
                        100 * limit),
                List.of(remedy),
                cooling(trigger, volume.name(), config.disk().coolDown(), memory, now));
    }

    /** Bytes that will be taken at the end of the forecast, if the disk goes on filling as it has. */
    private double ahead(Volume volume, Memory memory, Instant now) {
        Optional<Reading> oldest = recent(volume, memory, now).findFirst();
        if (oldest.isEmpty()) {
            return volume.used();
        }
        double seconds = Duration.between(oldest.get().at(), now).toMillis() / 1000.0;
        double perSecond = seconds <= 0 ? 0 : (volume.used() - oldest.get().used()) / seconds;
        // A rate is carried on for no longer than it was seen: a minute tells nothing of six hours.
        double carried = Math.min(seconds, config.disk().forecast().toSeconds());
        return Math.min(volume.size(), volume.used() + Math.max(0, perSecond) * carried);
    }

    private Stream<Reading> recent(Volume volume, Memory memory, Instant now) {
        return memory.volumes().getOrDefault(volume.name(), List.of()).stream()
                .filter(reading ->
                        !reading.at().isBefore(now.minus(config.disk().forecast()))
                                && reading.at().isBefore(now));
    }

    private boolean mayBeTouched(Session session) {
        return !session.ours()
                && !config.spareRoles().contains(session.role())
                && !config.spareApplications().contains(session.application());
    }

    private static Optional<Instant> cooling(
            Trigger trigger, String subject, Duration coolDown, Memory memory, Instant now) {
        return Optional.ofNullable(memory.lastActed().get(key(trigger, subject)))
                .map(last -> last.plus(coolDown))
                .filter(until -> until.isAfter(now));
    }

    private static String key(Trigger trigger, String subject) {
        return trigger + " " + subject;
    }

    /** What names a query while it runs. */
    static String query(Session session) {
        return session.process() + " " + session.queryBegan();
    }

    private static String text(Duration duration) {
        return duration.toHours() > 0 && duration.equals(Duration.ofHours(duration.toHours()))
                ? duration.toHours() + " h"
                : duration.toMinutes() > 0 ? duration.toMinutes() + " min" : duration.toSeconds() + " s";
    }
}
