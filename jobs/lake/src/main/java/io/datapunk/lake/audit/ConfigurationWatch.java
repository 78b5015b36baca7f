package io.datapunk.lake.audit;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.config.Setting;
import io.datapunk.lake.model.LakeException;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Writes {@code configuration.change} to the log when the configuration in force is another one than it was for the command
 * before; {@code audit/configuration} remembers it. The values of secrets are not looked at, and that one of them changed is
 * not seen.
 */
public final class ConfigurationWatch {
    /** Where the lake is found says nothing about how it works. */
    private static final Set<String> WHERE = Set.of("lake.home", "lake.local-home");

    private final LakeConfig config;
    private final ChangeWatch watch;

    public ConfigurationWatch(LakeConfig config, LakeHome home) {
        this.config = config;
        this.watch = new ChangeWatch(
                AuditLog.of(config, home), home.audit().resolve("configuration"), "configuration.change", "keys");
    }

    /**
     * Compares, and remembers; the first time there is nothing to compare with.
     *
     * @throws LakeException where the log cannot be written
     */
    public void look(Instant now) {
        Map<String, String> settings = new TreeMap<>();
        for (Setting setting : config.settings()) {
            if (!WHERE.contains(setting.key())) {
                settings.put(setting.key(), setting.value());
            }
        }
        watch.look(settings, now);
    }
}
