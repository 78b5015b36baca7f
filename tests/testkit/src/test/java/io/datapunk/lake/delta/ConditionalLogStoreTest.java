package io.datapunk.lake.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datapunk.testkit.S3Faults;
import io.datapunk.testkit.SharedS3;
import io.delta.storage.LogStore;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileAlreadyExistsException;
import java.util.List;
import java.util.function.BiPredicate;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;

class ConditionalLogStoreTest extends LogStoreContract {
    private final Path folder = new Path("s3a://" + SharedS3.bucket() + "/tables/user_data/activity/_delta_log");
    private final Configuration direct = configuration(SharedS3.endpoint());

    @Override
    Path folder() {
        return folder;
    }

    @Override
    Configuration configuration() {
        return direct;
    }

    @Override
    LogStore store() {
        return new ConditionalLogStore(direct);
    }

    @Test
    void aStoreThatLeavesOutTheConditionIsFound() throws IOException {
        assertThat(ConditionalWrites.areHonoured(folder, direct)).isTrue();
        try (S3Faults faults = S3Faults.start().forgetObjects(1000, puts())) {
            assertThat(ConditionalWrites.areHonoured(folder, configuration(faults.endpoint())))
                    .isFalse();
        }
        assertThat(folder.getFileSystem(direct).listStatus(folder)).isEmpty();
    }

    @Test
    void anAcknowledgementThatWasLostIsNotAConflict() throws IOException {
        try (S3Faults faults = S3Faults.start().loseAnswers(1, puts())) {
            write(commit(0), faults, "mine");

            assertThat(faults.outstanding()).isZero();
            assertThat(faults.seen()).anyMatch(request -> request.endsWith("json 412"));
            assertThat(read(commit(0))).containsExactly("mine");
        }
    }

    @Test
    void whoeverFindsAnotherWritersEqualBytesAfterALostAcknowledgementHasLost() throws IOException {
        write(commit(0), "equal");
        try (S3Faults faults = S3Faults.start().loseAnswers(1, puts())) {
            assertThatThrownBy(() -> write(commit(0), faults, "equal")).isInstanceOf(FileAlreadyExistsException.class);
            assertThat(faults.outstanding()).isZero();
        }
    }

    @Test
    void aCommitThatLandedWhileEveryAnswerWasLostIsFound() throws IOException {
        try (S3Faults faults = S3Faults.start().loseAnswers(1000, puts())) {
            write(commit(0), faults, "mine");

            assertThat(read(commit(0))).containsExactly("mine");
        }
    }

    @Test
    void aStoreThatIsBusyIsAskedAgain() throws IOException {
        try (S3Faults faults = S3Faults.start().refuse(2, 503, puts()).refuse(1, 500, puts())) {
            write(commit(0), faults, "mine");

            assertThat(faults.outstanding()).isZero();
            assertThat(read(commit(0))).containsExactly("mine");
        }
    }

    @Test
    void aStoreThatCouldNotTellWhoWasFirstIsAskedAgain() throws IOException {
        try (S3Faults faults = S3Faults.start().refuse(2, 409, puts())) {
            write(commit(0), faults, "mine");

            assertThat(faults.outstanding()).isZero();
            assertThat(read(commit(0))).containsExactly("mine");
        }
    }

    @Test
    void aStoreThatStaysBusyFailsTheCommitAndNothingLies() {
        try (S3Faults faults = S3Faults.start().refuse(1000, 503, puts())) {
            assertThatThrownBy(() -> write(commit(0), faults, "mine"))
                    .isInstanceOf(IOException.class)
                    .isNotInstanceOf(FileAlreadyExistsException.class);
            assertThatThrownBy(() -> read(commit(0))).isInstanceOf(java.io.FileNotFoundException.class);
        }
    }

    @Test
    void aStoreWithoutConditionalCreateIsRefusedBeforeAnythingIsWritten() {
        Configuration without = configuration(SharedS3.endpoint());
        without.setBoolean("fs.s3a.create.conditional.enabled", false);

        assertThatThrownBy(() -> new ConditionalLogStore(without)
                        .write(commit(0), List.of("mine").iterator(), false, without))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("fs.s3a.create.conditional.enabled");
        assertThatThrownBy(() -> read(commit(0))).isInstanceOf(java.io.FileNotFoundException.class);
    }

    private static void write(Path path, S3Faults faults, String... lines) throws IOException {
        Configuration throughFaults = configuration(faults.endpoint());
        new ConditionalLogStore(throughFaults).write(path, List.of(lines).iterator(), false, throughFaults);
    }

    private static BiPredicate<String, String> puts() {
        return (method, path) -> method.equals("PUT") && path.endsWith(".json");
    }

    /** Without Hadoop's cache, which knows file systems by their bucket and not by their endpoint. */
    private static Configuration configuration(URI endpoint) {
        Configuration configuration = new Configuration(false);
        configuration.addResource("core-default.xml");
        SharedS3.hadoopSettings(endpoint).forEach(configuration::set);
        configuration.setBoolean("fs.s3a.impl.disable.cache", true);
        configuration.setInt("fs.s3a.attempts.maximum", 2);
        configuration.setInt("fs.s3a.retry.limit", 2);
        configuration.setInt("fs.s3a.retry.throttle.limit", 2);
        configuration.set("fs.s3a.retry.interval", "10ms");
        configuration.set("fs.s3a.retry.throttle.interval", "10ms");
        return configuration;
    }
}
