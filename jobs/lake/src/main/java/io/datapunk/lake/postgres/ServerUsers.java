package io.datapunk.lake.postgres;

import io.datapunk.lake.storage.ProcessLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Who uses the embedded server now. Each user holds the lock of a file of its own, together a shared lock that the
 * system frees however a user ends; whoever starts or stops the server holds the gate meanwhile.
 */
final class ServerUsers {
    // The first start of a large hot store after a crash replays its log.
    private static final Duration GATE_TIMEOUT = Duration.ofMinutes(5);

    private final Path gate;
    private final Path users;
    private final Path lastUse;

    ServerUsers(Path runDirectory) {
        gate = runDirectory.resolve("postgres.lock");
        users = runDirectory.resolve("postgres-users");
        lastUse = runDirectory.resolve("postgres.used");
    }

    /** The file that was touched at the last use. */
    Path lastUse() {
        return lastUse;
    }

    /** Closes the gate: no other process starts, stops or begins to use the server until it is opened. */
    ProcessLock closeGate() throws IOException {
        Files.createDirectories(users);
        return ProcessLock.acquire(gate, GATE_TIMEOUT);
    }

    /** Registers a user, until it is closed or its process ends. The gate has to be closed. */
    User register() throws IOException {
        Path file = users.resolve(ProcessHandle.current().pid() + "-" + UUID.randomUUID());
        User user = new User(file, ProcessLock.acquire(file, Duration.ZERO));
        touch();
        return user;
    }

    /** The users, by their process numbers. The gate has to be closed: what dead ones left is removed. */
    List<String> present() throws IOException {
        List<String> present = new ArrayList<>();
        try (Stream<Path> files = Files.list(users)) {
            for (Path file : files.toList()) {
                Optional<ProcessLock> free = ProcessLock.tryAcquire(file);
                if (free.isEmpty()) {
                    String name = file.getFileName().toString();
                    present.add("process " + name.substring(0, Math.max(0, name.indexOf('-'))));
                } else {
                    Files.deleteIfExists(file);
                    free.get().close();
                }
            }
        }
        return present;
    }

    void touch() throws IOException {
        if (Files.exists(lastUse)) {
            Files.setLastModifiedTime(lastUse, FileTime.from(Instant.now()));
        } else {
            Files.writeString(lastUse, "");
        }
    }

    /** One use of the server. */
    final class User implements AutoCloseable {
        private final Path file;
        private final ProcessLock lock;

        private User(Path file, ProcessLock lock) {
            this.file = file;
            this.lock = lock;
        }

        @Override
        public void close() throws IOException {
            touch();
            Files.deleteIfExists(file);
            lock.close();
        }
    }
}
