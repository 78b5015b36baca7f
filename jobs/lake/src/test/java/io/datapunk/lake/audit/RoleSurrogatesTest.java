package io.datapunk.lake.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.LakeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RoleSurrogatesTest {
    @TempDir
    private Path home;

    @Test
    void theLakesAndPostgresOwnRolesBearTheirNamesAndOthersASurrogateThatStays() {
        assertThat(surrogates().of("lake")).isEqualTo("lake");
        assertThat(surrogates().of("lake_reader")).isEqualTo("lake_reader");
        assertThat(surrogates().of("pg_monitor")).isEqualTo("pg_monitor");
        assertThat(home.resolve("keys")).doesNotExist();

        String ann = surrogates().of("ann_app");
        assertThat(ann).matches("role-[0-9a-f]{32}").isEqualTo(surrogates().of("ann_app"));
        assertThat(surrogates().of("bob_app")).isNotEqualTo(ann);
    }

    @Test
    void itIsAnHmacThatWhoeverHasTheKeyCanMakeAgain() throws IOException {
        Path key = Files.createDirectories(home.resolve("keys/audit")).resolve("role-key");
        Files.writeString(key, "0b".repeat(32) + "\n");

        // printf %s ann_app | openssl dgst -sha256 -mac HMAC -macopt hexkey:$(cat role-key)
        assertThat(surrogates().of("ann_app")).isEqualTo("role-5ad1c20a9a9cf81d56751f635d703fa7");
    }

    @Test
    void aDamagedKeyIsNotReplacedInSilence() throws IOException {
        Path key = Files.createDirectories(home.resolve("keys/audit")).resolve("role-key");
        Files.writeString(key, "0b");

        assertThatThrownBy(() -> surrogates().of("ann_app"))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining(key.toString());
        assertThat(key).hasContent("0b");
    }

    private RoleSurrogates surrogates() {
        LakeConfig config = LakeConfig.load(null, Map.of(), Map.of("lake.home", home.toString()));
        return new RoleSurrogates(config, LakeHome.of(config));
    }
}
