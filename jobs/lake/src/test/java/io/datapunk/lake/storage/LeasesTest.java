package io.datapunk.lake.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.LakeException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeasesTest {
    @TempDir
    private Path folder;

    private Leases leases;

    @BeforeEach
    void openLeases() {
        leases = new Leases(new LakeHome(folder.toString(), folder));
    }

    @Test
    void eachHolderHasTheNextEpoch() {
        try (JobLease first = leases.acquire("tier-apply")) {
            assertThat(first.epoch()).isEqualTo(1);
        }
        try (JobLease second = leases.acquire("tier-apply");
                JobLease other = leases.acquire("ingest")) {
            assertThat(second.epoch()).isEqualTo(2);
            assertThat(other.epoch()).isEqualTo(1);
        }
    }

    @Test
    void oneProcessHoldsALeaseOnce() {
        JobLease held = leases.acquire("tier-apply");

        LakeException refused = catchThrowableOfType(LakeException.class, () -> leases.acquire("tier-apply"));
        assertThat(refused.problem()).isEqualTo("'tier-apply' is already running");
        assertThat(refused.reason())
                .isEqualTo("process " + ProcessHandle.current().pid() + " holds its lease");

        held.close();
        leases.acquire("tier-apply").close();
    }

    @Test
    void anotherProcessHoldsItUntilItIsKilled() throws Exception {
        Process other = OtherJvm.start(HoldLease.class, folder.toString());
        assertThat(firstLine(other)).isEqualTo("holding epoch 1");

        LakeException refused = catchThrowableOfType(LakeException.class, () -> leases.acquire("tier-apply"));
        assertThat(refused.reason()).isEqualTo("process " + other.pid() + " holds its lease");

        // SIGKILL: the holder has no chance to clean up.
        assertThat(other.destroyForcibly().waitFor()).isEqualTo(137);
        try (JobLease mine = leases.acquire("tier-apply")) {
            assertThat(mine.epoch()).isEqualTo(2);
        }
    }

    @Test
    void aFailedAttemptLeavesTheHoldersLockAlone() throws Exception {
        try (JobLease held = leases.acquire("tier-apply")) {
            assertThatThrownBy(() -> leases.acquire("tier-apply")).isInstanceOf(LakeException.class);

            // POSIX would have dropped the lock, had the failed attempt opened and closed the file.
            Process other = OtherJvm.start(HoldLease.class, folder.toString());
            assertThat(firstLine(other)).isEqualTo("'tier-apply' is already running");
            assertThat(other.waitFor()).isZero();
            assertThat(held.epoch()).isEqualTo(1);
        }
    }

    @Test
    void aJobsNameCannotLeaveItsFolder() {
        assertThatThrownBy(() -> leases.acquire("../x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'../x'");
    }

    /** Run in a JVM of its own. */
    static final class HoldLease {
        public static void main(String[] args) throws InterruptedException {
            try (JobLease lease = new Leases(new LakeHome(args[0], Path.of(args[0]))).acquire("tier-apply")) {
                System.out.println("holding epoch " + lease.epoch());
                Thread.sleep(60_000);
            } catch (LakeException e) {
                System.out.println(e.problem());
            }
        }
    }

    private static String firstLine(Process process) throws IOException {
        // Closed with the process.
        BufferedReader reader = process.inputReader(StandardCharsets.UTF_8);
        return reader.readLine();
    }
}
