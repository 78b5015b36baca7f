package io.datapunk.lake.storage;

import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.LakeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Lets one process at a time run a job of one lake. A lease is a lock of the operating system on
 * {@code run/leases/<job>.lock}, so that a killed holder's lease is free at once; {@code <job>.epoch} beside it says
 * which holder it is, by number and process. The processes have to share the machine and the home's local folder.
 */
public final class Leases {
    /** Of whatever changes the hot tier or the files of tables. */
    public static final String TIERING = "tier-apply";

    /** Of whatever copies cold files and keys to further locations. */
    public static final String COPIES = "cold-copies";

    /** Of whatever changes the archive. */
    public static final String ARCHIVE = "archive";

    /** What a folder's name below staging/ begins with that holds what an import has unpacked. */
    public static final String UNPACKED = "unpacked-";

    private static final String LOCK = ".lock";
    private static final Pattern JOB = Pattern.compile("[a-z0-9][a-z0-9._-]{0,127}");
    private static final Pattern EPOCH = Pattern.compile("(\\d{1,18}) (\\d{1,18})\n");

    private final Path folder;

    public Leases(LakeHome home) {
        this.folder = home.runDirectory().resolve("leases");
    }

    /** The lease of who is at work with what an import has unpacked in a folder. */
    public static String unpackedIn(Path folder) {
        return "ingest-" + folder.getFileName();
    }

    /** The lease of who changes a collection's vectors, its index or its table in PostgreSQL. */
    public static String vectorsOf(String collection) {
        return "vectors-" + collection;
    }

    /** The lease of a person's imports, one at a time. */
    public static String importsOf(String userId) {
        return "ingest-" + userId;
    }

    /**
     * Takes the lease of a job.
     *
     * @param job lower-case letters, digits, dots, dashes, underscores
     * @throws LakeException where another live process, or another thread of this one, holds it
     */
    public JobLease acquire(String job) {
        if (!JOB.matcher(job).matches()) {
            throw new IllegalArgumentException("job '" + job + "' has to match " + JOB.pattern());
        }
        try {
            Optional<ProcessLock> lock = ProcessLock.tryAcquire(lockFile(job));
            if (lock.isEmpty()) {
                throw LakeException.failed(
                        "'" + job + "' is already running",
                        readEpoch(job)
                                .map(holder -> "process " + holder.process() + " holds its lease")
                                .orElse("another process holds its lease"),
                        "wait until it ends, or end it; what it left undone is then taken up");
            }
            return claim(job, lock.get());
        } catch (IOException e) {
            throw untakeable(job, e);
        }
    }

    /** Takes several, or none. */
    public HeldLeases acquireAll(Collection<String> jobs) {
        HeldLeases held = new HeldLeases(new ArrayList<>());
        try {
            jobs.forEach(job -> held.leases().add(acquire(job)));
            return held;
        } catch (RuntimeException e) {
            held.close();
            throw e;
        }
    }

    /** Takes several, or none: empty where another live process, or another thread of this one, holds one of them. */
    public Optional<HeldLeases> tryAcquireAll(Collection<String> jobs) {
        HeldLeases held = new HeldLeases(new ArrayList<>());
        try {
            for (String job : jobs) {
                Optional<ProcessLock> lock = ProcessLock.tryAcquire(lockFile(job));
                if (lock.isEmpty()) {
                    held.close();
                    return Optional.empty();
                }
                held.leases().add(claim(job, lock.get()));
            }
            return Optional.of(held);
        } catch (IOException e) {
            held.close();
            throw untakeable(String.join(", ", jobs), e);
        }
    }

    /** The jobs that have ever held a lease. */
    public List<String> jobs() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(LOCK))
                    .map(name -> name.substring(0, name.length() - LOCK.length()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw untakeable("all jobs", e);
        }
    }

    private Path lockFile(String job) {
        return folder.resolve(job + LOCK);
    }

    private LakeException untakeable(String job, IOException e) {
        return LakeException.failed(
                "the lease of '" + job + "' cannot be taken",
                e.getClass().getSimpleName() + ": " + e.getMessage(),
                "check that " + folder + " is on a local disk and writable",
                e);
    }

    /** Leases that are given back together. */
    public record HeldLeases(List<JobLease> leases) implements AutoCloseable {
        @Override
        public void close() {
            leases.forEach(JobLease::close);
        }
    }

    private JobLease claim(String job, ProcessLock lock) throws IOException {
        boolean claimed = false;
        try {
            long epoch = readEpoch(job).map(Holder::epoch).orElse(0L) + 1;
            Path file = Files.writeString(
                    folder.resolve(job + ".epoch.new"),
                    epoch + " " + ProcessHandle.current().pid() + "\n");
            Files.move(file, epochFile(job), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            claimed = true;
            return new JobLease(job, epoch, lock);
        } finally {
            if (!claimed) {
                lock.close();
            }
        }
    }

    private record Holder(long epoch, long process) {}

    private Optional<Holder> readEpoch(String job) throws IOException {
        try {
            Matcher matcher = EPOCH.matcher(Files.readString(epochFile(job)));
            if (!matcher.matches()) {
                throw new IOException(epochFile(job) + " holds no epoch");
            }
            return Optional.of(new Holder(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2))));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private Path epochFile(String job) {
        return folder.resolve(job + ".epoch");
    }
}
