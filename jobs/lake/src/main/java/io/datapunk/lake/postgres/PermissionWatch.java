package io.datapunk.lake.postgres;

import io.datapunk.lake.audit.AuditLog;
import io.datapunk.lake.audit.ChangeWatch;
import io.datapunk.lake.audit.RoleSurrogates;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.LakeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Writes {@code permissions.change} to the audit log when somebody may do something else in the lake's database, or with its
 * folders, than for the command before; {@code audit/permissions} and {@code audit/folders} remember it.
 */
public final class PermissionWatch {
    private static final String ACTION = "permissions.change";
    private static final String NAMED = "objects";

    private final LakeConfig config;
    private final LakeHome home;
    private final ChangeWatch database;
    private final ChangeWatch folders;

    public PermissionWatch(LakeConfig config, LakeHome home) {
        AuditLog log = AuditLog.of(config, home);
        this.config = config;
        this.home = home;
        this.database = new ChangeWatch(log, home.audit().resolve("permissions"), ACTION, NAMED);
        this.folders = new ChangeWatch(log, home.audit().resolve("folders"), ACTION, NAMED);
    }

    /**
     * Compares, and remembers. The embedded server is looked at where it runs.
     *
     * @param remote whether the operator's server may be asked
     * @throws LakeException where the audit log cannot be written, or the server refuses
     */
    public void look(Instant now, boolean remote) {
        try {
            // That a folder was made is no change of who may do what with it.
            folders.lookAtKnown(modes(), now);
        } catch (IOException e) {
            throw LakeException.failed(
                    "the permissions of the lake's folders could not be read",
                    e.getClass().getSimpleName() + ": " + e.getMessage(),
                    "run the command as the home's owner",
                    e);
        }
        if (config.postgres().embedded() || remote) {
            PostgresServer.running(config.postgres(), home).ifPresent(server -> look(server, now));
        }
    }

    private void look(PostgresConnection server, Instant now) {
        Duration timeout = config.postgres().connectTimeout();
        try (Connection connection = server.open("lake audit", timeout, timeout)) {
            database.look(new PermissionCatalog(connection, new RoleSurrogates(config, home)).read(), now);
        } catch (HotStoreUnavailableException outOfReach) {
            // What changes meanwhile is seen when it answers.
        } catch (SQLException e) {
            if (!SqlState.isUnreachable(e)) {
                throw SqlState.failure("the permissions in PostgreSQL could not be read", e);
            }
        }
    }

    /** Of the folders that hold what others must not read or change; none where the file system knows no such thing. */
    private Map<String, String> modes() throws IOException {
        Map<String, Path> watched = Map.of(
                "home", home.local(),
                "audit", home.audit(),
                "keys", home.auditKeys().getParent(),
                "postgres", home.postgresDirectory());
        Map<String, String> modes = new TreeMap<>();
        for (Map.Entry<String, Path> folder : watched.entrySet()) {
            mode(folder.getValue()).ifPresent(mode -> modes.put("folder " + folder.getKey(), mode));
        }
        return modes;
    }

    private static Optional<String> mode(Path folder) throws IOException {
        if (!Files.isDirectory(folder) || !Files.getFileStore(folder).supportsFileAttributeView("posix")) {
            return Optional.empty();
        }
        PosixFileAttributes attributes = Files.readAttributes(folder, PosixFileAttributes.class);
        return Optional.of(PosixFilePermissions.toString(attributes.permissions()) + " "
                + attributes.owner().getName() + " " + attributes.group().getName());
    }
}
