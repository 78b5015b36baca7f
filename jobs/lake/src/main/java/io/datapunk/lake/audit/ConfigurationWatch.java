package io.datapunk.lake.audit;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.config.Setting;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Writes {@code configuration.change} to the log when the configuration in force is another one than it was for the command
 * before. {@code audit/configuration} remembers it: a line {@code <key> <SHA-256 of the value>} for each key, sorted. The
 * values of secrets are in neither, and that one of them changed is not seen.
 */
public final class ConfigurationWatch {
    private static final String FILE = "configuration";

    /** Where the lake is found says nothing about how it works. */
    private static final Set<String> WHERE = Set.of("lake.home", "lake.local-home");

    private final LakeConfig config;
    private final AuditLog log;
    private final Path file;

    public ConfigurationWatch(LakeConfig config, LakeHome home) {
        this.config = config;
        this.log = AuditLog.of(config, home);
        this.file = home.audit().resolve(FILE);
    }

    /**
     * Compares, and remembers; the first time there is nothing to compare with.
     *
     * @throws LakeException where the log cannot be written
     */
    public void look(Instant now) {
        SortedMap<String, String> current = current();
        try {
            Optional<byte[]> remembered = AuditTrail.readIfExists(file);
            byte[] content = content(current);
            if (remembered.isPresent()) {
                SortedSet<String> changed = changed(parse(remembered.get()), current);
                if (changed.isEmpty()) {
                    return;
                }
                log.append(new AuditEvent(
                        now,
                        "lake",
                        "configuration.change",
                        "lake",
                        Map.of(
                                "keys", String.join(",", changed),
                                "sha256", sha256(content),
                                "sha256_before", sha256(remembered.get()))));
            }
            // Killed before this, the next command writes the entry once more.
            Files.createDirectories(file.getParent());
            DurableFile.replace(file, content);
        } catch (IOException e) {
            throw LakeException.failed(
                    "a change of the configuration cannot be noticed",
                    e.getClass().getSimpleName() + ": " + e.getMessage(),
                    "make " + file + " readable and writable",
                    e);
        }
    }

    private SortedMap<String, String> current() {
        SortedMap<String, String> current = new TreeMap<>();
        for (Setting setting : config.settings()) {
            if (!WHERE.contains(setting.key())) {
                current.put(setting.key(), sha256(setting.value().getBytes(StandardCharsets.UTF_8)));
            }
        }
        return current;
    }

    private static SortedSet<String> changed(Map<String, String> before, Map<String, String> after) {
        SortedSet<String> changed = new TreeSet<>(before.keySet());
        changed.addAll(after.keySet());
        changed.removeIf(key -> Objects.equals(before.get(key), after.get(key)));
        return changed;
    }

    private static byte[] content(SortedMap<String, String> settings) {
        StringBuilder content = new StringBuilder();
        settings.forEach(
                (key, value) -> content.append(key).append(' ').append(value).append('\n'));
        return content.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static SortedMap<String, String> parse(byte[] content) {
        SortedMap<String, String> settings = new TreeMap<>();
        new String(content, StandardCharsets.UTF_8).lines().forEach(line -> {
            int space = line.lastIndexOf(' ');
            settings.put(line.substring(0, Math.max(space, 0)), line.substring(space + 1));
        });
        return settings;
    }

    private static String sha256(byte[] bytes) {
        return HexFormat.of().formatHex(Sha256.digest().digest(bytes));
    }
}
