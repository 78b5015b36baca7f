package io.datapunk.promises;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A real file system of a few MiB, in memory. It is mounted in a namespace of its own, for which no rights are needed:
 * only commands that are started with {@link #prefix} see it, and it goes with the process that holds it.
 */
final class SmallDisk implements AutoCloseable {
    private final Process holder;
    private final Path mount;

    private SmallDisk(Process holder, Path mount) {
        this.holder = holder;
        this.mount = mount;
    }

    /** Skips the test where the system lets nobody mount anything. */
    static SmallDisk mount(Path folder, String size) throws IOException {
        assumeThat(Stream.of("unshare", "nsenter").map(SmallDisk::isProgram)).doesNotContain(false);
        Process holder = new ProcessBuilder(
                        "unshare",
                        "--user",
                        "--map-root-user",
                        "--mount",
                        "sh",
                        "-c",
                        "mount -t tmpfs -o size=\"$1\" tmpfs \"$0\" && echo mounted && exec cat",
                        Files.createDirectories(folder).toString(),
                        size)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String said = holder.inputReader(StandardCharsets.UTF_8).readLine();
        assumeThat(said).as("namespaces are allowed").isEqualTo("mounted");
        return new SmallDisk(holder, folder);
    }

    /** What stands before a command that sees the disk. */
    List<String> prefix() {
        return List.of(
                "nsenter", "--target", Long.toString(holder.pid()), "--user", "--mount", "--preserve-credentials");
    }

    /** What takes the room of a disk that is filled up. */
    Path ballast() {
        return mount.resolve("ballast");
    }

    private static boolean isProgram(String name) {
        return Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
    }

    @Override
    public void close() {
        holder.destroyForcibly();
    }
}
