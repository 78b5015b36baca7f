package io.datapunk.debian;

import io.datapunk.lake.storage.FolderTree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Programs from Debian's packages, unpacked into the build's folder; nothing is installed. */
public final class DebianPrograms {
    private final Path root;

    private DebianPrograms(Path root) {
        this.root = root;
    }

    /** Test classes run in several processes at once: whoever is done first puts the whole folder in its place. */
    public static DebianPrograms unpacked(String name, String... packages) throws IOException {
        Path root = Path.of("target", name).toAbsolutePath();
        if (!Files.isDirectory(root)) {
            Path unfinished = Files.createTempDirectory(root.getParent(), name + "-");
            download(unfinished, packages);
            for (String one : packages) {
                try (Stream<Path> files = Files.list(unfinished)) {
                    Path file = files.filter(any -> any.getFileName().toString().startsWith(one + "_"))
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
    private static void download(Path root, String... packages) throws IOException {
        List<String> command = new ArrayList<>(List.of("apt-get", "-q", "download"));
        command.addAll(List.of(packages));
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
    public record Ended(int exitCode, String output) {}

    public Ended run(String program, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(path(program)));
        command.addAll(List.of(arguments));
        return end(withLibraries(new ProcessBuilder(command)));
    }

    /**
     * A server, which writes what it has to say into a file of its folder. What it looks for in /usr/share
     * it finds in a namespace of its own, for which no rights are needed.
     */
    public Process start(Path folder, String program, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("unshare", "--user", "--map-root-user", "--mount", "sh", "-c"));
        command.add("mount -t tmpfs tmpfs /usr/share && cp -R \"$0\"/usr/share/. /usr/share/ && exec \"$@\"");
        command.add(root.toString());
        return start(command, folder, program, arguments);
    }

    /** A server that needs nothing of /usr/share. */
    public Process startPlain(Path folder, String program, String... arguments) throws IOException {
        return start(List.of(), folder, program, arguments);
    }

    private Process start(List<String> prefix, Path folder, String program, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.add(path(program));
        command.addAll(List.of(arguments));
        return withLibraries(new ProcessBuilder(command))
                .directory(Files.createDirectories(folder).toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(program + ".log").toFile())
                .start();
    }

    /** Those that came with it. */
    private ProcessBuilder withLibraries(ProcessBuilder builder) throws IOException {
        Path libraries = root.resolve("usr/lib");
        if (Files.isDirectory(libraries)) {
            try (Stream<Path> folders = Files.list(libraries)) {
                builder.environment()
                        .put("LD_LIBRARY_PATH", folders.map(Path::toString).collect(Collectors.joining(":")));
            }
        }
        return builder;
    }

    private String path(String program) {
        return Stream.of("usr/bin", "usr/sbin")
                .map(folder -> root.resolve(folder).resolve(program))
                .filter(Files::exists)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(program + " is in none of the packages"))
                .toString();
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
