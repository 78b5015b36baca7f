package io.datapunk.lake.sql;

import io.datapunk.lake.model.LakeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;

/**
 * Where the warm server of one lake is reached: a socket in a folder that nobody else may enter.
 *
 * @param folder holds the socket, the lock of the running server, and its log
 */
public record SqlEndpoint(Path folder) {
    /** Unix allows 104 to 108 bytes, by system. */
    private static final int LONGEST_SOCKET_PATH = 100;

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");

    /**
     * The endpoint below a home's folder for sockets, or, where that path is too long for a socket, in the system's folder
     * for temporary files.
     *
     * @throws LakeException where the folder cannot be made, or is not ours alone
     */
    public static SqlEndpoint below(Path runDirectory) {
        Path near = runDirectory.toAbsolutePath().normalize().resolve("sql");
        SqlEndpoint endpoint = new SqlEndpoint(
                near.resolve("socket").toString().getBytes(StandardCharsets.UTF_8).length <= LONGEST_SOCKET_PATH
                        ? near
                        : Path.of(System.getProperty("java.io.tmpdir"))
                                .resolve("lake-" + System.getProperty("user.name") + "-" + hash(near.toString())));
        endpoint.create();
        return endpoint;
    }

    public Path socket() {
        return folder.resolve("socket");
    }

    /** Locked by the server as long as it runs. */
    public Path lock() {
        return folder.resolve("lock");
    }

    /** What the server last said. */
    public Path log() {
        return folder.resolve("log");
    }

    private void create() {
        try {
            Files.createDirectories(folder.getParent());
            Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        } catch (FileAlreadyExistsException fromBefore) {
            requireOurs();
        } catch (IOException failure) {
            throw unusable(failure);
        }
    }

    private void requireOurs() {
        try {
            PosixFileAttributes attributes =
                    Files.readAttributes(folder, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            boolean ours = attributes.isDirectory()
                    && attributes.permissions().equals(OWNER_ONLY)
                    && attributes.owner().getName().equals(System.getProperty("user.name"));
            if (!ours) {
                throw LakeException.failed(
                        "the folder " + folder + " is not safe for a socket",
                        "it has to be a folder of " + System.getProperty("user.name")
                                + " with the mode 0700, and is of "
                                + attributes.owner().getName() + " with "
                                + PosixFilePermissions.toString(attributes.permissions()),
                        "remove it, or name another home with --lake");
            }
        } catch (IOException failure) {
            throw unusable(failure);
        }
    }

    private LakeException unusable(IOException failure) {
        return LakeException.failed(
                "the folder " + folder + " cannot be used",
                failure.getClass().getSimpleName() + ": " + failure.getMessage(),
                "check the rights on it",
                failure);
    }

    static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }
}
