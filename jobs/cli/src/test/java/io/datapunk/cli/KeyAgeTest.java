package io.datapunk.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.encryption.KeyAudit;
import io.datapunk.lake.encryption.KeyOwner;
import io.datapunk.lake.encryption.Keyring;
import io.datapunk.lake.encryption.MasterKeys;
import io.datapunk.lake.encryption.SegmentKeys;
import io.datapunk.lake.storage.Stores;
import io.datapunk.testkit.KeystoreFile;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The keystore of these tests was made a moment ago; the lake's clock is an option. */
class KeyAgeTest {
    private static final Instant MADE = Instant.now();

    @TempDir
    private Path folder;

    private Map<String, String> environment;

    @BeforeEach
    void aLakeWithAKeyOfItsArchive() {
        environment = Map.of(
                "LAKE_HOME",
                folder.resolve("home").toString(),
                "LAKE_STORAGE_ENCRYPTION_KEYSTORE",
                KeystoreFile.write(folder.resolve("keys.p12"), "lake-archive-1", "never-used")
                        .toString(),
                "LAKE_STORAGE_ENCRYPTION_KEYSTORE_PASSWORD",
                KeystoreFile.PASSWORD);
        LakeConfig config = LakeConfig.load(null, environment, Map.of());
        LakeHome home = LakeHome.open(config);
        Configuration stores = Stores.configuration(config);
        new SegmentKeys(
                        new Keyring(home.keysPath(), stores, new KeyAudit(config, home, "archive", MADE)),
                        MasterKeys.of(stores),
                        "lake-archive-1")
                .make(KeyOwner.LAKE, "segment");
    }

    @Test
    void doctorWarnsOfAMasterKeyFromAWeekBeforeItIsToBeReplaced() {
        assertThat(doctor(Duration.ofDays(82))).doesNotContain("master key");
        assertThat(doctor(Duration.ofDays(84)))
                .contains("master key lake-archive-1")
                .contains("it is 83 days old, and is to be replaced after 90")
                .contains("name it in lake.archive.master-key, and run `lake tier rotate-keys`")
                .doesNotContain("never-used");
        assertThat(doctor(Duration.ofDays(400))).contains("it is 399 days old, and is to be replaced after 90");
    }

    private String doctor(Duration later) {
        RunCli doctor =
                RunCli.run(environment, "doctor", "--now", MADE.plus(later).toString());
        assertThat(doctor.exitCode()).as(doctor.stderr()).isZero();
        return doctor.stdout();
    }
}
