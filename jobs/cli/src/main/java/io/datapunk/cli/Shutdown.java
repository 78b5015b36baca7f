package io.datapunk.cli;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.postgres.EmbeddedPostgres;
import io.datapunk.lake.postgres.PostgresServer;
import io.datapunk.lake.spark.SqlService;

/**
 * What {@code lake down} did.
 *
 * @param sqlServer {@code stopped}, {@code not_running}, or {@code left} by a dry run
 * @param postgres {@code stopped}, {@code would_stop}, {@code not_running}, or {@code not_ours} for a server of the
 *     operator's own
 */
record Shutdown(String sqlServer, String postgres) {
    static Shutdown of(LakeConfig config, boolean dryRun) {
        LakeHome home = LakeHome.openExisting(config);
        return new Shutdown(stopSqlServer(home, dryRun), stopPostgres(config, home, dryRun));
    }

    private static String stopSqlServer(LakeHome home, boolean dryRun) {
        if (dryRun) {
            return "left";
        }
        return SqlService.stop(home) ? "stopped" : "not_running";
    }

    private static String stopPostgres(LakeConfig config, LakeHome home, boolean dryRun) {
        if (!config.postgres().embedded()) {
            return "not_ours";
        }
        EmbeddedPostgres server = PostgresServer.embedded(config.postgres(), home);
        if (dryRun) {
            return server.running().isPresent() ? "would_stop" : "not_running";
        }
        return server.stop() ? "stopped" : "not_running";
    }

    Outcome toOutcome() {
        return Outcome.of(this, out -> {
            if (sqlServer.equals("stopped")) {
                out.println("The warm SQL server has stopped.");
            }
            out.println(
                    switch (postgres) {
                        case "stopped" -> "PostgreSQL has stopped; its data stay in the lake's home.";
                        case "would_stop" -> "PostgreSQL would be stopped.";
                        case "not_ours" -> "lake.postgres.url names a server of your own; the lake leaves it running.";
                        default -> "PostgreSQL was not running.";
                    });
        });
    }
}
