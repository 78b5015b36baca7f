package io.datapunk.lake.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.lake.postgres.ServerSettings.Difference;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ServerSettingsTest {
    private static final double MIB = 1 << 20;

    @Test
    void aServerThatIsSetAsAdvisedNeedsNoAdvice() {
        assertThat(ServerSettings.differences(asAdvised())).isEmpty();
    }

    @Test
    void whatPostgresComesWithIsTooSmall() {
        Map<String, Double> asInstalled = Map.of(
                "shared_buffers",
                128 * MIB,
                "effective_cache_size",
                4096 * MIB,
                "max_connections",
                100.0,
                "work_mem",
                4 * MIB,
                "wal_buffers",
                4 * MIB,
                "max_wal_size",
                1024 * MIB,
                "checkpoint_timeout",
                300.0,
                "random_page_cost",
                4.0,
                "effective_io_concurrency",
                16.0,
                "default_statistics_target",
                100.0);
        assertThat(ServerSettings.differences(asInstalled))
                .containsExactly(
                        new Difference("shared_buffers", "128MB", "1365MB"),
                        new Difference("max_connections", "100", "200"),
                        new Difference("work_mem", "4MB", "16MB"),
                        new Difference("wal_buffers", "4MB", "16MB"),
                        new Difference("max_wal_size", "1024MB", "4096MB"),
                        new Difference("random_page_cost", "4", "1.1"),
                        new Difference("effective_io_concurrency", "16", "200"));
    }

    @Test
    void buffersFollowTheMemoryThatTheCacheTellsOf() {
        Map<String, Double> larger = new HashMap<>(asAdvised());
        larger.put("effective_cache_size", 48 * 1024 * MIB);
        assertThat(ServerSettings.differences(larger))
                .containsExactly(new Difference("shared_buffers", "2048MB", "16384MB"));
    }

    /** As conf/postgres/server.conf. */
    private static Map<String, Double> asAdvised() {
        return Map.of(
                "shared_buffers",
                2048 * MIB,
                "effective_cache_size",
                6144 * MIB,
                "max_connections",
                200.0,
                "work_mem",
                16 * MIB,
                "wal_buffers",
                16 * MIB,
                "max_wal_size",
                4096 * MIB,
                "checkpoint_timeout",
                300.0,
                "random_page_cost",
                1.1,
                "effective_io_concurrency",
                200.0,
                "default_statistics_target",
                100.0);
    }
}
