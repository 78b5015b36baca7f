package io.datapunk.promises;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.datapunk.debian.DebianPrograms;
import io.datapunk.promises.LakeCommands.Ended;
import io.datapunk.testkit.SharedSpark;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisPubSub;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.RedisClusterClient;
import redis.clients.jedis.exceptions.JedisException;

/** Applications find in Redis what published tables say, are told of what changes there, and of what goes. */
class CachedTablesTest {
    private static final String PASSWORD = "of the cache";

    private static DebianPrograms programs;

    @TempDir
    private static Path folder;

    private static LakeCommands lake;

    private final List<Process> servers = new ArrayList<>();

    @BeforeAll
    static void aLakeAndRedis() throws IOException {
        programs = DebianPrograms.unpacked(
                "redis",
                "redis-server",
                "redis-tools",
                "libatomic1",
                "libjemalloc2",
                "liblua5.1-0",
                "libhiredis0.14",
                "liblzf1",
                "lua-bitop",
                "lua-cjson");
        // Commands of other tests go on in this session when the lake is gone.
        SharedSpark.session();
        lake = new LakeCommands(folder.resolve("lake"), Map.of("LAKE_ANALYTICS_CACHE_PASSWORD", PASSWORD));
        ingest("lakes");
    }

    @AfterEach
    void stop() throws InterruptedException {
        for (Process server : servers) {
            server.destroy();
            server.waitFor();
        }
    }

    @Test
    void rowsAreValuesUntilTheyChangeOrGo() throws Exception {
        int port = start("--requirepass", PASSWORD);
        configure(port, false, "analytics.activity_daily", "activity:{user_id}:{day}:{product}:{source}:{kind}", "day");
        try (RedisClient redis = RedisClient.create("127.0.0.1", port, null, PASSWORD);
                Listener listener = new Listener(port)) {
            lake.result("analytics", "run", "analytics.activity_daily");

            assertThat(cached(true).get("keys").asInt()).as("a dry run counts").isEqualTo(1);
            assertThat(redis.dbSize()).isZero();

            JsonNode first = cached(false);
            assertThat(first.get("table").asText()).isEqualTo("analytics.activity_daily");
            assertThat(first.get("updated").asInt()).isEqualTo(1);
            String key = listener.next("cache.update").get(0).asText();
            assertThat(key).startsWith("datapunk:activity:").contains(":2024-05-", ":Search:");
            assertThat(value(redis, key).get("events").asInt()).isEqualTo(1);
            assertThat(value(redis, key).has("computed_at")).isFalse();
            assertThat(redis.ttl(key)).isBetween(86_000L, 86_400L);

            assertThat(cached(false).get("updated").asInt())
                    .as("nothing changed")
                    .isZero();

            ingest("punk");
            lake.result("analytics", "run", "analytics.activity_daily");
            assertThat(cached(false).get("updated").asInt()).isEqualTo(1);
            assertThat(listener.next("cache.update").get(0).asText()).isEqualTo(key);
            assertThat(value(redis, key).get("events").asInt()).isEqualTo(2);

            SharedSpark.session()
                    .sql("DELETE FROM delta.`" + lake.home().resolve("tables/analytics/activity_daily") + "`");
            assertThat(cached(false).get("removed").asInt()).isEqualTo(1);
            assertThat(listener.next("cache.invalidate").get(0).asText()).isEqualTo(key);
            assertThat(redis.exists(key)).isFalse();
        }
    }

    @Test
    void aClusterTakesThemToo() throws Exception {
        List<String> nodes = new ArrayList<>();
        for (int node = 0; node < 3; node++) {
            nodes.add("127.0.0.1:" + start("--cluster-enabled", "yes"));
        }
        List<String> create = new ArrayList<>(List.of("--cluster", "create"));
        create.addAll(nodes);
        create.add("--cluster-yes");
        assertThat(programs.run("redis-cli", create.toArray(String[]::new)).output())
                .contains("All 16384 slots covered");
        configure(
                Integer.parseInt(nodes.get(0).substring(nodes.get(0).indexOf(':') + 1)),
                true,
                "user_data.activity",
                "event:{id}",
                "event_time");
        JsonNode rows = lake.query("SELECT id, title FROM user_data.activity");

        assertThat(cached(false).get("updated").asInt()).isEqualTo(rows.size());

        try (RedisClusterClient redis = RedisClusterClient.create(HostAndPort.from(nodes.get(1)))) {
            for (JsonNode row : rows) {
                String value = redis.get("datapunk:event:" + row.get(0).asText());
                assertThat(new ObjectMapper().readTree(value).get("title")).isEqualTo(row.get(1));
            }
        }
    }

    @Test
    void whatCannotBeDoneIsSaid() throws IOException {
        Ended unconfigured = lake.run("analytics", "cache");
        assertThat(unconfigured.exitCode()).isEqualTo(2);
        assertThat(unconfigured.failure()).contains("lake.analytics.cache.servers is empty", "[\"localhost:6379\"]");

        int port = freePort();
        configure(port, false, "user_data.activity", "event:{id}", "event_time");
        Ended unreachable = lake.run("analytics", "cache", "--conf", conf().toString());
        assertThat(unreachable.exitCode()).isEqualTo(1);
        assertThat(unreachable.failure()).contains("Redis at 127.0.0.1:" + port, "lake.analytics.cache");

        configure(start("--requirepass", PASSWORD), false, "user_data.activity", "event:{number}", "event_time");
        Ended unknown = lake.run("analytics", "cache", "--conf", conf().toString());
        assertThat(unknown.exitCode()).isEqualTo(2);
        assertThat(unknown.failure()).contains("it has no column 'number'", "event_time");

        Ended unknownTo = new LakeCommands(lake.home(), Map.of("LAKE_ANALYTICS_CACHE_PASSWORD", "another one"))
                .run("analytics", "cache", "--conf", conf().toString());
        assertThat(unknownTo.exitCode()).isEqualTo(1);
        assertThat(unknownTo.failure())
                .contains("Redis at 127.0.0.1:", "password")
                .doesNotContain("another one");
    }

    private static void ingest(String word) throws IOException {
        Path export = new Exports(folder).zip(word + ".zip", Map.of(Exports.SEARCHES_PATH, Exports.searches(word)));
        lake.result("ingest", export.toString(), "--user", "ann");
    }

    private static JsonNode cached(boolean dryRun) {
        List<String> command = new ArrayList<>(List.of("analytics", "cache", "--conf", conf().toString()));
        if (dryRun) {
            command.add("--dry-run");
        }
        JsonNode tables = lake.result(command.toArray(String[]::new));
        assertThat(tables).hasSize(1);
        return tables.get(0);
    }

    private static Path conf() {
        return folder.resolve("cache.conf");
    }

    private static JsonNode value(RedisClient redis, String key) throws IOException {
        return new ObjectMapper().readTree(redis.get(key));
    }

    private static void configure(int port, boolean cluster, String table, String key, String newest)
            throws IOException {
        Files.writeString(conf(), """
                lake.analytics.cache {
                  servers = ["127.0.0.1:%d"]
                  cluster = %s
                  publications = [ { table = %s, key = "%s", newest = %s, tier = cold } ]
                }
                """.formatted(port, cluster, table, key, newest));
    }

    private int start(String... options) throws IOException {
        int port = freePort();
        List<String> all = new ArrayList<>(
                List.of("--port", Integer.toString(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"));
        all.addAll(List.of(options));
        Path place = Files.createDirectories(folder.resolve("redis-" + port));
        servers.add(programs.start(place, "redis-server", all.toArray(String[]::new)));
        String password = List.of(options).contains("--requirepass") ? PASSWORD : null;
        for (int attempt = 0; ; attempt++) {
            try (RedisClient redis = RedisClient.create("127.0.0.1", port, null, password)) {
                redis.ping();
                return port;
            } catch (JedisException e) {
                if (attempt == 100) {
                    throw new IOException(Files.readString(place.resolve("redis-server.log")), e);
                }
                pause();
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A cluster's nodes talk on a port that is 10,000 above. */
    private static int freePort() throws IOException {
        while (true) {
            try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                if (socket.getLocalPort() < 55_000) {
                    return socket.getLocalPort();
                }
            }
        }
    }

    /** Hears what is told on the channels. */
    private static final class Listener extends JedisPubSub implements AutoCloseable {
        private final RedisClient redis;
        private final BlockingQueue<List<String>> heard = new LinkedBlockingQueue<>();
        private final Thread thread;

        private Listener(int port) {
            this.redis = RedisClient.create("127.0.0.1", port, null, PASSWORD);
            this.thread = new Thread(() -> redis.subscribe(this, "cache.update", "cache.invalidate"));
            thread.start();
            while (!isSubscribed()) {
                pause();
            }
        }

        @Override
        public void onMessage(String channel, String message) {
            heard.add(List.of(channel, message));
        }

        private JsonNode next(String channel) throws IOException, InterruptedException {
            List<String> message = heard.poll(10, TimeUnit.SECONDS);
            assertThat(message).isNotNull();
            assertThat(message.get(0)).isEqualTo(channel);
            return new ObjectMapper().readTree(message.get(1));
        }

        @Override
        public void close() throws InterruptedException {
            unsubscribe();
            thread.join();
            redis.close();
        }
    }
}
