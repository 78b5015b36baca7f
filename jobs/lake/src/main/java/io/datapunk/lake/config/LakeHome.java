package io.datapunk.lake.config;

import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.Sha256;
import io.datapunk.lake.storage.ProcessLock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Where everything of one lake lies. Tables follow {@link #root}; staging, spool, audit log, embedded server and locks
 * are local folders, below the root where that is a folder itself.
 *
 * @param root an absolute path or {@code s3a://bucket/prefix}, without a slash at the end
 * @param local the folder for what has to be local; {@code lake.version} lies there
 */
public record LakeHome(String root, Path local) {
    private static final String OBJECT_STORE = "s3a://";
    private static final Duration LOCK_TIMEOUT = Duration.ofMinutes(1);
    private static final Set<String> OURS = Set.of(
            "tables",
            "keys",
            "manifest",
            "staging",
            "vectors",
            "archive",
            "backup",
            "access",
            "audit",
            "postgres",
            "run",
            "plans",
            "pins.json",
            "holds.json",
            "lake.version",
            "lake.version.new");

    /** The home that a configuration names; touches no disk. */
    public static LakeHome of(LakeConfig config) {
        String home = config.home();
        if (home.startsWith(OBJECT_STORE)) {
            Path local = config.localHome()
                    .map(Path::of)
                    .orElseGet(() -> Path.of(System.getProperty("user.home"), ".datapunk-lake", hash(home)));
            return new LakeHome(home.replaceAll("/+$", ""), absolute(local));
        }
        Path root = absolute(Path.of(home));
        return new LakeHome(
                root.toString(),
                config.localHome().map(Path::of).map(LakeHome::absolute).orElse(root));
    }

    /**
     * Opens the home that a configuration names, creates it where there is none, and migrates an older one.
     *
     * @throws LakeException where a newer version wrote it, where the folder holds something else, or where it cannot be
     *     written
     */
    public static LakeHome open(LakeConfig config) {
        LakeHome home = of(config);
        home.open(HomeFormat.CURRENT);
        return home;
    }

    /**
     * Opens the home that a configuration names for a command that makes none.
     *
     * @throws LakeException (usage) where there is no lake, otherwise as {@link #open(LakeConfig)}
     */
    public static LakeHome openExisting(LakeConfig config) {
        LakeHome home = of(config);
        if (!Files.exists(home.local.resolve("lake.version"))) {
            throw LakeException.usage(
                    "there is no lake at " + home.root,
                    "the folder has no lake.version",
                    "make one with `lake demo` or `lake ingest EXPORT --user NAME`, or name another with --lake");
        }
        home.open(HomeFormat.CURRENT);
        return home;
    }

    /** Whether there is a lake of this build's format, and its folder may be written; what is not must not be touched. */
    public boolean isWritable() {
        try {
            return Files.isWritable(local)
                    && HomeFormat.CURRENT.find(local).equals(Optional.of(HomeFormat.CURRENT.version()));
        } catch (IOException | LakeException unreadable) {
            return false;
        }
    }

    void open(HomeFormat format) {
        try {
            Optional<Integer> version = format.find(local);
            if (version.isPresent() && version.get() == format.version()) {
                return;
            }
            // Before the first write: whatever is refused stays as it is.
            if (version.isEmpty()) {
                refuseForeignFolder();
            } else {
                format.refuseNewer(local, version.get());
            }
            Files.createDirectories(runDirectory());
            try (ProcessLock lock = ProcessLock.acquire(runDirectory().resolve("home.lock"), LOCK_TIMEOUT)) {
                Optional<Integer> now = format.find(local);
                if (now.isPresent()) {
                    format.migrate(local, now.get());
                } else {
                    format.write(local, format.version());
                }
            }
        } catch (IOException e) {
            throw LakeException.failed(
                    "the lake at " + root + " cannot be opened",
                    e.getClass().getSimpleName() + ": " + e.getMessage(),
                    "check that " + local + " is a folder that you may write, or name another with --lake",
                    e);
        }
    }

    private void refuseForeignFolder() throws IOException {
        if (!Files.isDirectory(local)) {
            return;
        }
        try (Stream<Path> entries = Files.list(local)) {
            List<String> foreign = entries.map(entry -> entry.getFileName().toString())
                    .filter(name -> !OURS.contains(name))
                    .sorted()
                    .toList();
            if (!foreign.isEmpty()) {
                throw LakeException.usage(
                        local + " is not a lake",
                        "it has no lake.version but holds " + foreign.size() + " other entries, as " + foreign.get(0),
                        "name a lake, or an empty or new folder, with --lake");
            }
        }
    }

    /** The root where it is a folder; empty where it is an object store. */
    public Optional<Path> folder() {
        return root.startsWith(OBJECT_STORE) ? Optional.empty() : Optional.of(Path.of(root));
    }

    /** The folder of the tables, one folder in it for each schema. */
    public String tablesPath() {
        return root + "/tables";
    }

    /** The table's root, for Spark and Delta. */
    public String tablePath(DatasetName dataset) {
        return tablesPath() + "/" + dataset.schema() + "/" + dataset.name();
    }

    /** The folder of all wrapped keys. */
    public String keysPath() {
        return root + "/keys";
    }

    /** What the lake remembers of its tables' files, to compare them with. */
    public String manifestPath() {
        return root + "/manifest";
    }

    /** Where packages lie unless the configuration names another place. */
    public String archivePath() {
        return root + "/archive";
    }

    /** Where backups lie unless the configuration names other places. */
    public String backupPath() {
        return root + "/backup";
    }

    /** What jobs keep only while they run, a folder for each. */
    public Path staging() {
        return local.resolve("staging");
    }

    /** Extracted entries of one import; removed when it ends. */
    public Path staging(String importId) {
        return staging().resolve(importId);
    }

    /** What access recorders write. */
    public Path spool() {
        return local.resolve("access").resolve("spool");
    }

    public Path audit() {
        return local.resolve("audit");
    }

    /** The key that signs the audit log's heads. */
    public Path auditKeys() {
        return local.resolve("keys").resolve("audit");
    }

    /** The embedded server's data. */
    public Path postgresDirectory() {
        return local.resolve("postgres");
    }

    /** Sockets, locks, logs. */
    public Path runDirectory() {
        return local.resolve("run");
    }

    private static Path absolute(Path path) {
        return path.toAbsolutePath().normalize();
    }

    private static String hash(String text) {
        byte[] digest = Sha256.digest().digest(text.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(digest, 0, 8);
    }
}
