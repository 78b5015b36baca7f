package io.datapunk.analytics.cache;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.datapunk.lake.config.CacheConfig;
import io.datapunk.lake.config.Secret;
import io.datapunk.lake.model.LakeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.RedisClusterClient;
import redis.clients.jedis.Response;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.params.SetParams;
import redis.clients.jedis.resps.ScanResult;

/**
 * A Redis, one server or a cluster. What was cached of a publication is remembered there in a set, so that a later run finds
 * what is no longer in the table.
 */
final class RedisCache implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SCANNED = 1000;

    private final CacheConfig config;
    private final UnifiedJedis redis;

    private RedisCache(CacheConfig config, UnifiedJedis redis) {
        this.config = config;
        this.redis = redis;
    }

    /** @throws LakeException (failed) where it cannot be reached */
    static RedisCache connect(CacheConfig config) {
        DefaultJedisClientConfig client = DefaultJedisClientConfig.builder()
                .clientName("datapunk-lake")
                .ssl(config.tls())
                .user(config.user().orElse(null))
                .password(config.password().map(Secret::reveal).orElse(null))
                .build();
        Set<HostAndPort> servers =
                config.servers().stream().map(HostAndPort::from).collect(Collectors.toSet());
        try {
            UnifiedJedis redis = config.cluster()
                    ? RedisClusterClient.builder()
                            .nodes(servers)
                            .clientConfig(client)
                            .build()
                    : RedisClient.builder()
                            .hostAndPort(servers.iterator().next())
                            .clientConfig(client)
                            .build();
            redis.exists(memory(config.prefix(), ""));
            return new RedisCache(config, redis);
        } catch (JedisException e) {
            throw failed(config, e);
        }
    }

    /**
     * Writes values.
     *
     * @return the keys that had another value, or none
     */
    List<String> write(Map<String, String> values, Duration timeToLive) {
        return answered(() -> {
            List<Response<String>> before = new ArrayList<>();
            SetParams params = new SetParams().ex(timeToLive.toSeconds());
            try (AbstractPipeline pipeline = redis.pipelined()) {
                values.forEach((key, value) -> before.add(pipeline.setGet(key, value, params)));
                pipeline.sync();
            }
            List<String> changed = new ArrayList<>();
            int number = 0;
            for (Map.Entry<String, String> value : values.entrySet()) {
                if (!value.getValue().equals(before.get(number++).get())) {
                    changed.add(value.getKey());
                }
            }
            return changed;
        });
    }

    void remove(Collection<String> keys) {
        answered(() -> {
            try (AbstractPipeline pipeline = redis.pipelined()) {
                keys.forEach(pipeline::unlink);
                pipeline.sync();
            }
            return null;
        });
    }

    /** Tells whoever listens, by one message: a JSON list of keys. */
    void tell(String channel, List<String> keys) {
        if (!keys.isEmpty()) {
            answered(() -> redis.publish(channel, json(keys)));
        }
    }

    /** The keys that were cached of a publication. */
    Set<String> remembered(String publication) {
        return answered(() -> {
            Set<String> keys = new HashSet<>();
            String cursor = ScanParams.SCAN_POINTER_START;
            do {
                ScanResult<String> page =
                        redis.sscan(memory(config.prefix(), publication), cursor, new ScanParams().count(SCANNED));
                keys.addAll(page.getResult());
                cursor = page.getCursor();
            } while (!cursor.equals(ScanParams.SCAN_POINTER_START));
            return keys;
        });
    }

    void remember(String publication, Collection<String> keys) {
        answered(() -> redis.sadd(memory(config.prefix(), publication), keys.toArray(String[]::new)));
    }

    void forget(String publication, Collection<String> keys) {
        answered(() -> redis.srem(memory(config.prefix(), publication), keys.toArray(String[]::new)));
    }

    @Override
    public void close() {
        redis.close();
    }

    private static String memory(String prefix, String publication) {
        return prefix + ":published:" + publication;
    }

    private static String json(List<String> keys) {
        try {
            return JSON.writeValueAsString(keys);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("texts are JSON", e);
        }
    }

    private interface Question<T> {
        T ask();
    }

    private <T> T answered(Question<T> question) {
        try {
            return question.ask();
        } catch (JedisException e) {
            throw failed(config, e);
        }
    }

    private static LakeException failed(CacheConfig config, JedisException e) {
        return LakeException.failed(
                "Redis at " + String.join(", ", config.servers()) + " does not do what it is asked to",
                e.getMessage(),
                "start it, or correct lake.analytics.cache; what was not cached expires by itself");
    }
}
