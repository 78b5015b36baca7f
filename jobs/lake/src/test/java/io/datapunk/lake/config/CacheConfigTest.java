package io.datapunk.lake.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datapunk.lake.config.CacheConfig.Publication;
import io.datapunk.lake.config.CacheConfig.Tier;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.LakeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CacheConfigTest {
    @TempDir
    private Path folder;

    @Test
    void byDefaultThereIsNoServerAndTiersLiveAsLongAsTheyMay() {
        CacheConfig cache =
                LakeConfig.load(null, Map.of(), Map.of()).analytics().cache();

        assertThat(cache.servers()).isEmpty();
        assertThat(cache.password()).isEmpty();
        assertThat(cache.timesToLive())
                .containsOnly(
                        Map.entry(Tier.HOT, Duration.ofMinutes(5)),
                        Map.entry(Tier.WARM, Duration.ofMinutes(30)),
                        Map.entry(Tier.COLD, Duration.ofHours(24)));
        assertThat(cache.publications())
                .contains(new Publication(
                        new DatasetName("analytics", "sessions"),
                        "session:{user_id}:{started_at}",
                        Optional.of(Tier.HOT),
                        "started_at"));
    }

    @Test
    void aPublicationWithoutATierLivesForAnHour() throws IOException {
        CacheConfig cache =
                cache("lake.analytics.cache.publications = [ { table = a.b, key = \"{id}\", newest = at } ]");

        assertThat(cache.timeToLive(cache.publications().get(0))).isEqualTo(Duration.ofSeconds(3600));
    }

    @Test
    void serversAndPasswordMayStandInTheEnvironment() {
        CacheConfig cache = LakeConfig.load(
                        null,
                        Map.of(
                                "LAKE_ANALYTICS_CACHE_SERVERS",
                                "one:6379, [::1]:6380",
                                "LAKE_ANALYTICS_CACHE_PASSWORD",
                                "secret"),
                        Map.of())
                .analytics()
                .cache();

        assertThat(cache.servers()).containsExactly("one:6379", "[::1]:6380");
        assertThat(cache.password().orElseThrow().reveal()).isEqualTo("secret");
        assertThat(cache.toString()).doesNotContain("secret");
    }

    @Test
    void mistakesAreNamedWithWhatIsAllowed() {
        assertThatThrownBy(() -> cache("""
                        lake.analytics.cache {
                          servers = ["localhost"]
                          ttl.hot = 10 m
                          ttl.cold = 5 m
                          publications = [ { table = analytics.sessions, key = "session:{user_id}", newest = day, tier = tepid } ]
                        }
                        """)).isInstanceOfSatisfying(LakeException.class, e -> assertThat(e.reason())
                .contains("localhost:6379", "from 30 s to 300 s", "from 1800 s to 86400 s", "hot, warm or cold"));
    }

    private CacheConfig cache(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("my.conf"), text);
        return LakeConfig.load(file, Map.of(), Map.of()).analytics().cache();
    }
}
