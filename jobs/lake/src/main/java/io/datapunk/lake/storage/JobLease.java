package io.datapunk.lake.storage;

import io.datapunk.lake.model.LakeException;
import java.io.IOException;

/**
 * The right to run a job, held until it is closed or its process dies.
 *
 * @see Leases#acquire
 */
public final class JobLease implements AutoCloseable {
    private final String job;
    private final long epoch;
    private final ProcessLock lock;

    JobLease(String job, long epoch, ProcessLock lock) {
        this.job = job;
        this.epoch = epoch;
        this.lock = lock;
    }

    /** 1 for the job's first holder, then one more for each. Commits carry it, so that a late one can be told apart. */
    public long epoch() {
        return epoch;
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            throw LakeException.failed(
                    "the lease of '" + job + "' was not given back",
                    e.getClass().getSimpleName() + ": " + e.getMessage(),
                    "end this process: the system then frees it",
                    e);
        }
    }
}
