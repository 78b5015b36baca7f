package io.datapunk.lake.storage;

import io.datapunk.lake.model.LakeException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * An exclusive lock on a file, against other threads and other processes. The operating system frees it when its holder
 * dies, however that happens. The file stays: removing it would let two processes lock two files of one name.
 */
public final class ProcessLock implements AutoCloseable {
    // POSIX forgets all of a process's locks on a file when the process closes any descriptor of it. A second attempt
    // within this process must therefore fail before it opens the file, and only the process as a whole can know.
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();
    private static final Duration PAUSE = Duration.ofMillis(20);

    private final Path file;
    private final FileChannel channel;

    private ProcessLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Takes the lock where it is free.
     *
     * @throws IOException where the file cannot be created or locked
     */
    public static Optional<ProcessLock> tryAcquire(Path file) throws IOException {
        Path folder = Files.createDirectories(file.toAbsolutePath().getParent());
        Path real = folder.toRealPath().resolve(file.getFileName());
        if (!HELD.add(real)) {
            return Optional.empty();
        }
        FileChannel channel = null;
        ProcessLock lock = null;
        try {
            channel = FileChannel.open(real, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock held = channel.tryLock();
            lock = held == null ? null : new ProcessLock(real, channel);
            return Optional.ofNullable(lock);
        } finally {
            if (lock == null) {
                release(real, channel);
            }
        }
    }

    /**
     * Waits for the lock.
     *
     * @throws LakeException where it is not free in time
     * @throws IOException where the file cannot be created or locked
     */
    public static ProcessLock acquire(Path file, Duration timeout) throws IOException {
        long end = System.nanoTime() + timeout.toNanos();
        while (true) {
            Optional<ProcessLock> lock = tryAcquire(file);
            if (lock.isPresent()) {
                return lock.get();
            }
            if (System.nanoTime() - end >= 0 || Thread.currentThread().isInterrupted()) {
                throw LakeException.failed(
                        "the lock " + file + " is not free",
                        "another process held it for more than " + timeout.toMillis() + " ms",
                        "wait for the other command to end, then try again");
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    @Override
    public void close() throws IOException {
        release(file, channel);
    }

    private static void release(Path file, FileChannel channel) throws IOException {
        try {
            if (channel != null) {
                channel.close();
            }
        } finally {
            HELD.remove(file);
        }
    }
}
