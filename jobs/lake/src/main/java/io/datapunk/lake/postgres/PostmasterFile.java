package io.datapunk.lake.postgres;

import io.datapunk.lake.model.LakeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * {@code postmaster.pid}: what a running server says of itself, and what a killed one leaves behind.
 *
 * @param port 0 while the server has not come that far
 */
record PostmasterFile(long pid, int port) {
    private static final String NAME = "postmaster.pid";
    private static final int PORT_LINE = 3;

    static Optional<PostmasterFile> read(Path data) {
        try {
            List<String> lines = Files.readAllLines(data.resolve(NAME));
            if (lines.isEmpty()) {
                return Optional.empty();
            }
            int port = lines.size() > PORT_LINE
                    ? Integer.parseInt(lines.get(PORT_LINE).trim())
                    : 0;
            // A single-user session writes its number with a minus.
            return Optional.of(
                    new PostmasterFile(Math.abs(Long.parseLong(lines.get(0).trim())), port));
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** Whether the server of this data runs; after a crash or in a new container anything may have its number. */
    boolean isRunning(Path data) {
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .filter(process -> mayServe(process, data))
                .isPresent();
    }

    /** The programs that the running server was started from. */
    PostgresBinaries binaries() {
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().command())
                .map(command ->
                        new PostgresBinaries(Path.of(command).getParent().getParent()))
                .orElseThrow(() -> LakeException.failed(
                        "the embedded PostgreSQL cannot be stopped",
                        "process " + pid + " has ended meanwhile",
                        "run the command again"));
    }

    /**
     * Removes the file of a server that was killed, when another program has its number now: PostgreSQL would take that
     * program for itself and refuse to start.
     */
    static void removeStale(Path data) throws IOException {
        Optional<PostmasterFile> file = read(data);
        if (file.isPresent() && !file.get().isRunning(data)) {
            Files.deleteIfExists(data.resolve(NAME));
        }
    }

    // A process whose command the system does not tell is another user's, or it is dead and not yet buried.
    private static boolean mayServe(ProcessHandle process, Path data) {
        boolean postgres = process.info()
                .command()
                .map(command -> command.endsWith("postgres"))
                .orElse(false);
        boolean sameData = process.info()
                .arguments()
                .map(arguments -> List.of(arguments).contains(data.toString()))
                .orElse(true);
        return postgres && sameData;
    }
}
