package io.datapunk.lake.encryption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.storage.Stores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever master keys come from does the same, and says what it lacks. */
class KeySourcesTest {
    private static final KeyOwner MESSAGES = KeyOwner.of(DatasetName.parse("user_data.messages"));

    private final List<String> made = new ArrayList<>();

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"PKCS12", "JCEKS", "kms"})
    void aKeyComesBackUnderTheMasterKeyThatWrappedItAndUnderNoOther(String source) {
        MasterKeys masterKeys = MasterKeys.of(source(source, "one", "two"));
        byte[] key = AesGcm.newKey();

        String wrapped = masterKeys.wrap(key, "one", "messages/1");

        assertThat(masterKeys.unwrap(wrapped, "one", "messages/1")).isEqualTo(key);
        assertThat(masterKeys.wrap(key, "one", "messages/1"))
                .as("wrapped once more")
                .isNotEqualTo(wrapped);
        assertThatThrownBy(() -> masterKeys.unwrap(wrapped, "two", "messages/1"))
                .isInstanceOf(LakeException.class)
                .hasMessageStartingWith("the key messages/1 cannot be had from the master key 'two'");
        assertThatThrownBy(
                        () -> masterKeys.unwrap("A" + wrapped.substring(1, wrapped.length() - 4) + "AAA=", "one", "k"))
                .isInstanceOf(LakeException.class);
        assertThatCode(() -> masterKeys.probe("two")).doesNotThrowAnyException();
        assertThatThrownBy(() -> masterKeys.probe("three"))
                .isInstanceOf(LakeException.class)
                .hasMessageStartingWith("the master key 'three' cannot be used")
                .hasMessageContaining("no key 'three'")
                .hasMessageContaining("lake.tiering.cold.master-key");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PKCS12", "JCEKS", "kms"})
    void rotationLeavesKeysAsTheyAreAndTheOldMasterKeyWithoutUse(String source) {
        Configuration both = source(source, "one", "two");
        Keyring keyring = keyring(both);
        WrappedKey before = keyring.forWriting(MESSAGES, MasterKeys.of(both), "one");
        assertThat(keyring.forWriting(MESSAGES, MasterKeys.of(both), "one")).isEqualTo(before);
        assertThat(made).containsExactly(before.toString());
        byte[] opened = OpenKeys.unwrap(keyring, MESSAGES, before.id(), MasterKeys.of(both))
                .getEncoded();

        KeyRotation rotation = new KeyRotation(keyring, owner -> "two");
        assertThat(rotation.due()).containsExactly(before);
        rotation.run(rotation.due(), MasterKeys.of(both), (key, masterKey) -> assertThat(keyring.keys(MESSAGES))
                .as("told before")
                .containsExactly(before));

        WrappedKey after = keyring.keys(MESSAGES).get(0);
        assertThat(after.masterKey()).isEqualTo("two");
        assertThat(after.generation()).isEqualTo(2);
        assertThat(folder.resolve("keys/user_data.messages")).isDirectoryContaining("glob:**" + after.fileName());
        assertThat(folder.resolve("keys/user_data.messages")).isDirectoryNotContaining("glob:**" + before.fileName());
        assertThat(rotation.due()).isEmpty();
        assertThat(OpenKeys.unwrap(keyring, MESSAGES, before.id(), MasterKeys.of(both))
                        .getEncoded())
                .isEqualTo(opened);
        assertThat(keyring.forWriting(MESSAGES, MasterKeys.of(both), "two").id())
                .as("new files get a key that the old master key never protected")
                .isNotEqualTo(before.id());
    }

    @ParameterizedTest
    @ValueSource(strings = {"PKCS12", "JCEKS"})
    void aKeystoreKnowsWhenItsKeysWereMade(String type) {
        Instant before = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        MasterKeys masterKeys = MasterKeys.of(source(type, "one"));

        assertThat(masterKeys.madeAt("one"))
                .hasValueSatisfying(made -> assertThat(made).isBetween(before, Instant.now()));
        assertThat(masterKeys.madeAt("two")).isEmpty();
        assertThat(MasterKeys.of(source("kms", "one")).madeAt("one"))
                .as("a service replaces its keys itself")
                .isEmpty();
    }

    /** Cut short in the middle of the new record, or killed before the old one went. */
    @Test
    void aRotationThatWasKilledIsFinishedByTheNext() throws IOException {
        Configuration both = source("kms", "one", "two");
        Keyring keyring = keyring(both);
        WrappedKey key = keyring.forWriting(MESSAGES, MasterKeys.of(both), "one");
        Path records = folder.resolve("keys/user_data.messages");
        byte[] first = Files.readAllBytes(records.resolve(key.fileName()));
        KeyRotation rotation = new KeyRotation(keyring, owner -> "two");

        Path second = records.resolve(key.id() + ".000002.json");
        Files.write(second, Arrays.copyOf(first, first.length / 2));
        assertThat(keyring.keys(MESSAGES)).containsExactly(key);
        rotation.run(rotation.due(), MasterKeys.of(both), (any, masterKey) -> {});
        assertThat(keyring.keys(MESSAGES)).extracting(WrappedKey::masterKey).containsExactly("two");

        Files.write(records.resolve(key.fileName()), first);
        assertThat(rotation.due()).extracting(WrappedKey::generation).containsExactly(2);
        rotation.run(rotation.due(), MasterKeys.of(both), (any, masterKey) -> {});
        try (var files = Files.list(records)) {
            assertThat(files).containsExactly(second);
        }
    }

    @Test
    void aKeystoreSaysWhatItLacks() throws IOException {
        Path keystore = KeystoreFile.write(folder.resolve("keys.p12"), "PKCS12", 256, "lake-cold-1");
        Path weak = KeystoreFile.write(folder.resolve("weak.p12"), "PKCS12", 128, "lake-cold-1");
        Path noKeystore = Files.writeString(folder.resolve("notes.txt"), "nothing of the kind");

        complains(Map.of(), "no master key can be had", "lake.storage.encryption");
        complains(keystore(keystore, ""), "has no password", "LAKE_STORAGE_ENCRYPTION_KEYSTORE_PASSWORD");
        complains(keystore(keystore, "wrong"), keystore + " cannot be opened: the password is wrong", "made with");
        complains(
                keystore(folder.resolve("lost.p12"), "any"),
                "lost.p12 cannot be opened: there is no such file",
                "backup");
        complains(keystore(noKeystore, "any"), "notes.txt cannot be opened", "backup");
        complains(Map.of(KeySettings.KMS_CLIENT, "org.example.NotThere"), "org.example.NotThere", "class path");
        complains(Map.of(KeySettings.KMS_CLIENT, "java.lang.String"), "java.lang.String", "KmsClient");
        assertThatThrownBy(() -> MasterKeys.of(configuration(keystore(weak, KeystoreFile.PASSWORD)))
                        .probe("lake-cold-1"))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("not AES of 256 bits");
        assertThatThrownBy(() -> MasterKeys.of(configuration(keystore(keystore, KeystoreFile.PASSWORD)))
                        .probe("lake-cold-2"))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("no key 'lake-cold-2' but lake-cold-1");
    }

    @Test
    void aLostRecordOfAKeyIsToldWithWhereItsCopiesAre() {
        Configuration source = source("kms", "one");
        assertThatThrownBy(() -> keyring(source).requireOpens(MESSAGES, "0".repeat(32)))
                .isInstanceOf(LakeException.class)
                .hasMessageContainingAll("is missing", "keys/user_data.messages", "lake.storage.cold.locations");
    }

    @Test
    void keysAreKeptForTenMinutesAndNoLonger() {
        long[] now = {0};
        OpenKeys keys = new OpenKeys(() -> now[0]);
        Configuration source = source("kms", "one");
        WrappedKey key = keyring(source).forWriting(MESSAGES, MasterKeys.of(source), "one");
        String ring = folder.resolve("keys").toString();
        keys.open(ring, MESSAGES, key.id(), source);
        assertThat(folder.resolve("keys/user_data.messages/" + key.fileName())
                        .toFile()
                        .delete())
                .isTrue();

        now[0] = Duration.ofMinutes(9).toNanos();
        assertThat(keys.open(ring, MESSAGES, key.id(), source)).isNotNull();
        now[0] = Duration.ofMinutes(11).toNanos();
        assertThatThrownBy(() -> keys.open(ring, MESSAGES, key.id(), source)).isInstanceOf(LakeException.class);
    }

    @Test
    void theConfigurationNamesOneSourceAndKeepsItsSecrets() throws IOException {
        Path file = Files.writeString(
                folder.resolve("lake.conf"), "lake.datasets.\"user_data.messages\".tiering.cold.encrypted = true\n");
        assertThatThrownBy(() -> LakeConfig.load(file, Map.of(), Map.of()))
                .isInstanceOf(LakeException.class)
                .hasMessageContainingAll("lake.storage.encryption.keystore", "to be encrypted");
        Map<String, String> environment = Map.of(
                "LAKE_STORAGE_ENCRYPTION_KEYSTORE",
                folder + "/keys.p12",
                "LAKE_STORAGE_ENCRYPTION_KEYSTORE_PASSWORD",
                "never shown");
        LakeConfig config = LakeConfig.load(file, environment, Map.of());
        assertThat(config.toString()).doesNotContain("never shown");
        assertThat(config.tiering(MESSAGES.dataset().orElseThrow()).cold().encrypted())
                .isTrue();
        assertThat(config.tiering(DatasetName.parse("user_data.media")).cold().encrypted())
                .isFalse();
        assertThat(Stores.configuration(config).get(KeySettings.KEYSTORE_PASSWORD))
                .isEqualTo("never shown");
        assertThatThrownBy(() -> LakeConfig.load(
                        file, environment, Map.of("lake.storage.encryption.kms-client", "org.example.Kms")))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("keys come from one place");
        assertThatThrownBy(() -> LakeConfig.load(
                        null, Map.of(), Map.of("lake.storage.encryption.keystore-password", "never shown")))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("is a secret: set LAKE_STORAGE_ENCRYPTION_KEYSTORE_PASSWORD")
                .hasMessageNotContaining("never shown");
    }

    private void complains(Map<String, String> settings, String problem, String remedy) {
        assertThatThrownBy(() -> MasterKeys.of(configuration(settings)))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining(problem)
                .hasMessageContaining(remedy);
    }

    private Keyring keyring(Configuration configuration) {
        return new Keyring(folder.resolve("keys").toString(), configuration, key -> made.add(key.toString()));
    }

    private Configuration source(String kind, String... masterKeys) {
        return kind.equals("kms")
                ? configuration(Map.of(
                        KeySettings.KMS_CLIENT,
                        InMemoryKms.class.getName(),
                        KeySettings.KMS_URL,
                        String.join(",", List.of(masterKeys)),
                        KeySettings.KMS_TOKEN,
                        "let-me-in"))
                : configuration(keystore(
                        KeystoreFile.write(folder.resolve("keys." + kind), kind, 256, masterKeys),
                        KeystoreFile.PASSWORD));
    }

    private static Map<String, String> keystore(Path file, String password) {
        return Map.of(KeySettings.KEYSTORE, file.toString(), KeySettings.KEYSTORE_PASSWORD, password);
    }

    private static Configuration configuration(Map<String, String> settings) {
        Configuration configuration = new Configuration();
        settings.forEach(configuration::set);
        return configuration;
    }
}
