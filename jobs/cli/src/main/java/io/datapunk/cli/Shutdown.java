package io.datapunk.cli;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.postgres.EmbeddedPostgres;
import io.datapunk.lake.postgres.PostgresServer;

/**
 * What {@code lake down} did.
 *
 * @param postgres {@code stopped}, {@code would_stop}, {@code not_running}, or {@code not_ours} for a server of the
 *     operator's own
 */
record Shutdown(String postgres) {
    static Shutdown of(LakeConfig config, boolean dryRun) {
        LakeHome home = LakeHome.openExisting(config);
        if (!config.postgres().embedded()) {
            return new Shutdown("not_ours");
        }
        EmbeddedPostgres server = PostgresServer.embedded(config.postgres(), home);
        if (dryRun) {
            return new Shutdown(server.running().isPresent() ? "would_stop" : "not_running");
        }
        return new Shutdown(server.stop() ? "stopped" : "not_running");
    }

    Outcome toOutcome() {
        return Outcome.of(
                this,
                out -> out.println(
                        switch (postgres) {
                            case "stopped" -> "PostgreSQL has stopped; its data stay in the lake's home.";
                            case "would_stop" -> "PostgreSQL would be stopped.";
                            case "not_ours" ->
                                "lake.postgres.url names a server of your own; the lake leaves it running.";
                            default -> "PostgreSQL was not running.";
                        }));
    }
}
