package io.datapunk.testkit;

import io.datapunk.lake.storage.FolderTree;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * A Python with the packages of one list, such as {@code tests/python/airflow.txt}: a virtual environment in the build's
 * folder, made by the first test that asks for it. The machine has to have Python 3.11, which Airflow 3.4 asks for.
 */
public final class PythonEnvironment {
    /** The newest first: the environment is for tests, and takes what is there. */
    private static final List<String> PYTHONS = List.of("python3.13", "python3.12", "python3.11", "python3");

    private static final String OLDEST = "3.11";

    private final Path root;

    private PythonEnvironment(Path root) {
        this.root = root;
    }

    /**
     * Another list is another environment.
     *
     * @param requirements a file for pip, every version pinned; beside it uv.txt, which installs them
     */
    public static PythonEnvironment of(Path requirements) throws IOException {
        Path folder = Files.createDirectories(Path.of("target", "python").toAbsolutePath());
        CRC32 list = new CRC32();
        list.update(Files.readAllBytes(requirements));
        String name = requirements.getFileName().toString().replace(".txt", "");
        Path root = folder.resolve(name + "-" + HexFormat.of().toHexDigits((int) list.getValue()));
        // Test classes run in several processes at once. An environment knows its own path: it cannot be moved later.
        try (FileChannel channel = FileChannel.open(
                        folder.resolve(name + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            Path complete = root.resolve("complete");
            if (lock.isValid() && !Files.exists(complete)) {
                FolderTree.delete(root);
                install(root, requirements.toAbsolutePath());
                Files.createFile(complete);
            }
        }
        return new PythonEnvironment(root);
    }

    private static void install(Path root, Path requirements) throws IOException {
        check(run(List.of(python(), "-m", "venv", root.toString())));
        String own = root.resolve("bin/python").toString();
        check(run(List.of(
                own,
                "-m",
                "pip",
                "install",
                "-q",
                "--disable-pip-version-check",
                "-r",
                requirements.resolveSibling("uv.txt").toString())));
        check(run(List.of(own, "-m", "uv", "pip", "install", "-q", "--python", own, "-r", requirements.toString())));
    }

    private static String python() throws IOException {
        List<String> found = new ArrayList<>();
        for (String python : PYTHONS) {
            try {
                Ended version = run(List.of(
                        python,
                        "-c",
                        "import sys, venv, ensurepip; print('%d.%d' % sys.version_info[:2]); sys.exit(sys.version_info < ("
                                + OLDEST.replace(".", ", ") + "))"));
                if (version.exitCode() == 0) {
                    return python;
                }
                found.add(python + " (" + version.output().strip() + ")");
            } catch (IOException notThere) {
                // The next one.
            }
        }
        throw new IllegalStateException(
                "the tests of -Pfull need Python " + OLDEST + " or newer, with venv and pip. On the"
                        + " PATH there is: " + (found.isEmpty() ? "none" : String.join(", ", found))
                        + ". Install it (apt-get install python3 python3-venv), or leave -Pfull out");
    }

    /** How a program ended, and what it printed. */
    public record Ended(int exitCode, String output) {}

    /** The path of a program in it, such as {@code airflow}. */
    public Path program(String name) {
        return root.resolve("bin").resolve(name);
    }

    /** Programs of the environment come before those of the machine. */
    public ProcessBuilder process(String program, String... arguments) {
        List<String> command = new ArrayList<>(List.of(program(program).toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        Map<String, String> environment = builder.environment();
        environment.put("VIRTUAL_ENV", root.toString());
        environment.put("PATH", root.resolve("bin") + ":" + environment.getOrDefault("PATH", "/usr/bin:/bin"));
        environment.put("PYTHONDONTWRITEBYTECODE", "1");
        return builder;
    }

    /** Runs what was made by {@link #process} to its end. */
    public static Ended end(ProcessBuilder builder) throws IOException {
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            return new Ended(process.waitFor(), output);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private static Ended run(List<String> command) throws IOException {
        return end(new ProcessBuilder(command).redirectErrorStream(true));
    }

    private static void check(Ended ended) {
        if (ended.exitCode() != 0) {
            throw new IllegalStateException("Python's package index is needed once; it said: " + ended.output());
        }
    }
}
