package io.datapunk.tiering.heat;

import io.datapunk.lake.config.AccessConfig;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.postgres.PostgresServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The sources that a run reads. */
public final class HeatSources {
    private HeatSources() {}

    /**
     * @param names of {@link AccessConfig#SOURCES}; one that is not set up for this lake gives nothing
     * @param imports files to import beside
     */
    public static List<AccessSource> of(LakeConfig config, LakeHome home, Set<String> names, List<Path> imports) {
        List<AccessSource> sources = new ArrayList<>();
        if (names.contains(AccessConfig.SPOOL)) {
            sources.add(new SpoolSource());
        }
        if (names.contains(AccessConfig.POSTGRES)) {
            sources.add(new PostgresSource(
                    () -> PostgresServer.running(config.postgres(), home),
                    config.postgres().connectTimeout()));
        }
        AccessConfig access = config.access();
        if (names.contains(AccessConfig.S3)) {
            access.s3Logs()
                    .flatMap(folder ->
                            S3LogSource.of(folder, home.root(), access.s3OwnRequesters(), access.s3OwnAgents()))
                    .ifPresent(sources::add);
        }
        if (!imports.isEmpty()) {
            sources.add(new ImportSource(imports));
        }
        return sources;
    }
}
