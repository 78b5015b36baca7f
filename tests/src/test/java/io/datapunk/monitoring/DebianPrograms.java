package io.datapunk.monitoring;

import io.datapunk.lake.storage.FolderTree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Prometheus and its companions from Debian's packages, unpacked into the build's folder; nothing is installed. */
final class DebianPrograms {
    private static final List<String> PACKAGES =
            List.of("prometheus", "prometheus-alertmanager", "prometheus-pushgateway");

    private final Path root;

    private DebianPrograms(Path root) {
        this.root = root;
    }

    /** Test classes run in several processes at once: whoever is done first puts the whole folder in its place. */
    static DebianPrograms unpacked() throws IOException {
        Path root = Path.of("target", "monitoring").toAbsolutePath();
        if (!Files.isDirectory(root)) {
            Path unfinished = Files.createTempDirectory(root.getParent(), "monitoring-");
            download(unfinished);
            for (String name : PACKAGES) {
                try (Stream<Path> files = Files.list(unfinished)) {
                    Path file = files.filter(any -> any.getFileName().toString().startsWith(name + "_"))
                            .findFirst()
                            .orElseThrow();
                    run(unfinished, List.of("dpkg-deb", "-x", file.toString(), unfinished.toString()));
                }
            }
            try {
                Files.move(unfinished, root, StandardCopyOption.ATOMIC_MOVE);
            } catch (FileSystemException e) {
                if (!Files.isDirectory(root)) {
                    throw e;
                }
                FolderTree.delete(unfinished);
            }
        }
        return new DebianPrograms(root);
    }

    /** By the machine's lists of packages, else by lists of their own: a fresh machine has none. */
    private static void download(Path root) throws IOException {
        List<String> command = new ArrayList<>(List.of("apt-get", "-q", "download"));
        command.addAll(PACKAGES);
        if (end(new ProcessBuilder(command).directory(root.toFile())).exitCode() != 0) {
            List<String> own = List.of(
                    "-o", "APT::Sandbox::User=",
                    "-o",
                            "Dir::State::lists="
                                    + Files.createDirectories(root.resolve("lists/partial"))
                                            .getParent(),
                    "-o",
                            "Dir::Cache="
                                    + Files.createDirectories(root.resolve("cache/archives/partial"))
                                            .getParent()
                                            .getParent());
            run(
                    root,
                    Stream.concat(Stream.of("apt-get", "-q", "update"), own.stream())
                            .toList());
            command.addAll(own);
            run(root, command);
        }
    }

    /** How a program ended, and what it printed. */
    record Ended(int exitCode, String output) {}

    Ended run(String program, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(path(program)));
        command.addAll(List.of(arguments));
        return end(new ProcessBuilder(command));
    }

    /**
     * A server, which writes what it has to say into a file of its folder. Debian's Alertmanager looks for its templates in
     * /usr/share: it finds them in a namespace of its own, for which no rights are needed.
     */
    Process start(Path folder, String program, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("unshare", "--user", "--map-root-user", "--mount", "sh", "-c"));
        command.add("mount -t tmpfs tmpfs /usr/share && cp -R \"$0\"/usr/share/prometheus /usr/share/ && exec \"$@\"");
        command.addAll(List.of(root.toString(), path(program)));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .directory(Files.createDirectories(folder).toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(program + ".log").toFile())
                .start();
    }

    private String path(String program) {
        return root.resolve("usr/bin").resolve(program).toString();
    }

    private static void run(Path folder, List<String> command) throws IOException {
        Ended ended = end(new ProcessBuilder(command).directory(folder.toFile()));
        if (ended.exitCode() != 0) {
            throw new IOException("Debian's package index is needed once: " + command + " said " + ended.output());
        }
    }

    private static Ended end(ProcessBuilder builder) throws IOException {
        Process process = builder.redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            return new Ended(process.waitFor(), output);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
