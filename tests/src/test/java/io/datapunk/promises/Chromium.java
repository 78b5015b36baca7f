package io.datapunk.promises;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Debian's browser, without a window. */
final class Chromium {
    private static final Path PROGRAM = Path.of("/usr/bin/chromium");

    private final Path folder;

    private Chromium(Path folder) {
        this.folder = folder;
    }

    /** Installs it where the machine has none; for that one has to be root. */
    static Chromium installed(Path folder) throws IOException, InterruptedException {
        if (!Files.isExecutable(PROGRAM)) {
            run(folder, "apt-get", "-q", "update");
            run(folder, "apt-get", "-q", "-y", "install", "--no-install-recommends", "chromium");
        }
        return new Chromium(folder);
    }

    /**
     * What a page became.
     *
     * @param dom after its scripts have run, without them
     * @param console what it said there
     */
    record Shown(String dom, List<String> console) {}

    Shown show(Path page) throws IOException, InterruptedException {
        Path dom = folder.resolve("dom.html");
        Path log = folder.resolve("chromium.log");
        List<String> command = new ArrayList<>(List.of(
                PROGRAM.toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--user-data-dir=" + folder.resolve("profile"),
                "--enable-logging=stderr",
                "--virtual-time-budget=20000",
                "--dump-dom",
                page.toUri().toString()));
        int exitCode = new ProcessBuilder(command)
                .redirectOutput(dom.toFile())
                .redirectError(log.toFile())
                .start()
                .waitFor();
        List<String> said = Files.readAllLines(log, StandardCharsets.UTF_8);
        if (exitCode != 0) {
            throw new IOException("Chromium ended with " + exitCode + ": " + said);
        }
        return new Shown(
                Files.readString(dom).replaceAll("(?s)<script.*?</script>", ""),
                said.stream().filter(line -> line.contains(":CONSOLE")).toList());
    }

    private static void run(Path folder, String... command) throws IOException, InterruptedException {
        Path log = folder.resolve("apt.log");
        int exitCode = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start()
                .waitFor();
        if (exitCode != 0) {
            throw new IOException(Arrays.toString(command) + " said " + Files.readString(log));
        }
    }
}
