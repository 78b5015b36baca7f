package io.datapunk.lake.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What keeps the lake healthy.
 *
 * @param schedule when each task is due, by its name, as cron writes it; a task that is not there is done only where it is named
 * @param smallFiles of a partition, from which on they become one
 */
public record MaintenanceConfig(
        Map<String, String> schedule, Postgres postgres, int smallFiles, Logs logs, Remediation remediation) {
    private static final String OFF = "off";

    public MaintenanceConfig {
        schedule = Map.copyOf(schedule);
    }

    /**
     * The operator's or the embedded server.
     *
     * @param parallelWorkers processes that vacuum the indexes of one table
     * @param timeout for one table or index
     * @param tableBloat share of a table that is free, above which it is told
     * @param repack the program that writes tables anew that are looser, by its name or path
     * @param indexDensity how full the leaves of a B-tree are, below which it is built anew
     */
    public record Postgres(
            int parallelWorkers, Duration timeout, double tableBloat, Optional<String> repack, double indexDensity) {
        private static Postgres read(ConfigReader reader) {
            return new Postgres(
                    reader.integer("parallel-workers", 0, 1024),
                    reader.duration("timeout"),
                    reader.fraction("table-bloat"),
                    Optional.of(reader.text("repack")).filter(program -> !program.isEmpty()),
                    reader.fraction("index-density"));
        }
    }

    /**
     * Files of log lines.
     *
     * @param folders besides those of the embedded server
     * @param compressAfter age from which on one is compressed
     * @param keep age from which on it goes
     */
    public record Logs(List<String> folders, Duration compressAfter, Duration keep) {
        public Logs {
            folders = List.copyOf(folders);
        }

        private static Logs read(ConfigReader reader) {
            Logs logs = new Logs(reader.texts("folders"), reader.duration("compress-after"), reader.duration("keep"));
            reader.require(
                    logs.keep.compareTo(logs.compressAfter) > 0,
                    "keep",
                    "a time above compress-after",
                    "compress-after");
            return logs;
        }
    }

    /**
     * When something is done at once.
     *
     * @param queryTime of a query that is cancelled
     * @param spareRoles whose sessions are left alone
     * @param spareApplications whose sessions are left alone
     */
    public record Remediation(
            Connections connections,
            Duration queryTime,
            CacheHits cacheHits,
            Disk disk,
            Set<String> spareRoles,
            Set<String> spareApplications) {
        public Remediation {
            spareRoles = Set.copyOf(spareRoles);
            spareApplications = Set.copyOf(spareApplications);
        }

        private static Remediation read(ConfigReader reader) {
            return new Remediation(
                    Connections.read(reader.at("connections")),
                    reader.duration("query-time"),
                    CacheHits.read(reader.at("cache-hits")),
                    Disk.read(reader.at("disk")),
                    Set.copyOf(reader.texts("spare.roles")),
                    Set.copyOf(reader.texts("spare.applications")));
        }
    }

    /**
     * Where few connections are left.
     *
     * @param above share of the server's connections
     * @param until what is left then
     * @param idle for how long a session did nothing, so that it may end
     */
    public record Connections(double above, double until, Duration idle, Duration coolDown) {
        private static Connections read(ConfigReader reader) {
            Connections connections = new Connections(
                    reader.fraction("above"),
                    reader.share("until"),
                    reader.duration("idle"),
                    reader.duration("cool-down"));
            reader.require(
                    connections.until <= connections.above, "until", "a share that is not larger than above", "above");
            return connections;
        }
    }

    /**
     * Where much is read from disk.
     *
     * @param below share of blocks that were found in memory
     * @param blocks that have to have been asked for
     */
    public record CacheHits(double below, int blocks, Duration coolDown) {
        private static CacheHits read(ConfigReader reader) {
            return new CacheHits(
                    reader.share("below"),
                    reader.integer("blocks", 1, Integer.MAX_VALUE),
                    reader.duration("cool-down"));
        }
    }

    /**
     * Where a disk fills up; shares of it.
     *
     * @param temporaryAge of staging that nobody uses
     * @param forecast how far growth is carried on
     */
    public record Disk(
            double compressLogs,
            double cleanTemporary,
            Duration temporaryAge,
            double moveColdest,
            Duration forecast,
            Duration coolDown) {
        private static Disk read(ConfigReader reader) {
            return new Disk(
                    reader.fraction("compress-logs"),
                    reader.fraction("clean-temporary"),
                    reader.duration("temporary-age"),
                    reader.fraction("move-coldest"),
                    reader.duration("forecast"),
                    reader.duration("cool-down"));
        }
    }

    static MaintenanceConfig read(ConfigReader reader) {
        return new MaintenanceConfig(
                reader.schedules("schedule", OFF),
                Postgres.read(reader.at("postgres")),
                reader.integer("optimize.files", 2, 1_000_000),
                Logs.read(reader.at("logs")),
                Remediation.read(reader.at("remediation")));
    }
}
