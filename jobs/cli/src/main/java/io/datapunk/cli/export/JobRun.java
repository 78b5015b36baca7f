package io.datapunk.cli.export;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import java.time.Instant;
import java.util.Map;

/**
 * A run of a command that has begun.
 *
 * @param command as {@code tier apply}
 * @param version of this build
 * @param environment the process's
 */
public record JobRun(
        String command, Instant startedAt, String version, LakeConfig config, Map<String, String> environment) {
    LakeHome home() {
        return LakeHome.of(config);
    }
}
