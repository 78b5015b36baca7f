package io.datapunk.lake.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.lake.config.ArchiveConfig.LockMode;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.model.ObjectLockRetentionMode;
import software.amazon.awssdk.services.s3.model.PutObjectRetentionRequest;

/** What is asked of S3. The tests' own server cannot lock; on one that can, it was not tried. */
class ObjectLockTest {
    private static final Instant UNTIL = Instant.parse("2033-11-26T06:05:00Z");

    @Test
    void anObjectIsLockedUntilItsTimeIsOver() {
        PutObjectRetentionRequest request =
                new ObjectLock(LockMode.COMPLIANCE, UNTIL).request("archive", "2026/11/gdpr/export/x/bagit.txt");

        assertThat(request.bucket()).isEqualTo("archive");
        assertThat(request.key()).isEqualTo("2026/11/gdpr/export/x/bagit.txt");
        assertThat(request.retention().mode()).isEqualTo(ObjectLockRetentionMode.COMPLIANCE);
        assertThat(request.retention().retainUntilDate()).isEqualTo(UNTIL);
    }

    @Test
    void governanceCanBeLiftedAndNothingElseIsEverBypassed() {
        PutObjectRetentionRequest request = new ObjectLock(LockMode.GOVERNANCE, UNTIL).request("archive", "a");

        assertThat(request.retention().mode()).isEqualTo(ObjectLockRetentionMode.GOVERNANCE);
        assertThat(request.bypassGovernanceRetention()).isNull();
    }
}
