package io.datapunk.maintenance.remediation;

import io.datapunk.lake.postgres.ServerStatistics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How the lake is, by what a run has found.
 *
 * @param processors share of the machine's that is busy
 * @param memory share of the machine's that processes take
 * @param volumes share of each disk that is taken
 * @param server empty where no PostgreSQL runs
 * @param storeLatency how long the tables' store took to answer; empty where it did not
 */
public record Vitals(
        double processors,
        double memory,
        Map<String, Double> volumes,
        Optional<ServerStatistics> server,
        Optional<Duration> storeLatency) {
    public Vitals {
        volumes = Map.copyOf(volumes);
    }

    /** The fullest of processors, memory, disks and connections: 0 nothing is used, 1 one of them is used up. */
    public double resourceUsageScore() {
        double score = Math.max(processors, memory);
        for (double share : volumes.values()) {
            score = Math.max(score, share);
        }
        return Math.max(score, server.map(Vitals::connections).orElse(0.0));
    }

    /**
     * The mean of how well each vital sign is: 1 up to where the alerts in {@code conf/monitoring} warn, 0 from where they
     * are grave on, in a straight line between.
     */
    public double systemHealthIndex() {
        List<Double> health = new ArrayList<>();
        health.add(health(processors, 0.70, 0.85));
        health.add(health(memory, 0.75, 0.90));
        volumes.values().forEach(share -> health.add(health(share, 0.80, 0.90)));
        server.ifPresent(statistics -> {
            health.add(health(connections(statistics), 0.80, 0.90));
            health.add(health(statistics.longestTransaction().toSeconds(), 300, 1800));
            statistics.replicationLag().ifPresent(lag -> health.add(health(lag.toMillis(), 1000, 5000)));
            OptionalDouble hits = statistics.cacheHits();
            if (hits.isPresent()) {
                health.add(health(1 - hits.getAsDouble(), 0.05, 0.50));
            }
        });
        return health.stream().mapToDouble(Double::doubleValue).average().orElse(1);
    }

    private static double connections(ServerStatistics statistics) {
        return (double) statistics.connections() / statistics.maxConnections();
    }

    private static double health(double value, double warning, double grave) {
        return Math.max(0, Math.min(1, (grave - value) / (grave - warning)));
    }
}
