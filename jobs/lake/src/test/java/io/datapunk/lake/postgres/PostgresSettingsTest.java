package io.datapunk.lake.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class PostgresSettingsTest {
    private static final long GIB = 1L << 30;

    @Test
    void aSmallMachineGetsTheLeastThatWorks() {
        assertThat(PostgresSettings.scaled(GIB))
                .isEqualTo(Map.of(
                        "shared_buffers", "32MB", "effective_cache_size", "256MB", "maintenance_work_mem", "64MB"));
    }

    @Test
    void aLargeMachineIsLeftToSpark() {
        assertThat(PostgresSettings.scaled(512 * GIB))
                .isEqualTo(Map.of(
                        "shared_buffers", "256MB", "effective_cache_size", "8192MB", "maintenance_work_mem", "512MB"));
    }

    @Test
    void theServersFileHasTheSharedSettingsThenTheMachines() {
        assertThat(PostgresSettings.file(8 * GIB, 5433).lines())
                .contains(
                        "listen_addresses = '127.0.0.1'",
                        "shared_buffers = 128MB",
                        "port = 5433",
                        "unix_socket_directories = ''");
    }
}
