package io.datapunk.lake.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.LakeException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Published tables in Redis.
 *
 * @param servers as {@code host:port}: one, or some of a cluster; empty: there is none
 * @param prefix what every key begins with
 * @param timesToLive by tier
 * @param standardTimeToLive of a publication without a tier
 * @param most rows of a publication
 */
public record CacheConfig(
        List<String> servers,
        boolean cluster,
        boolean tls,
        Optional<String> user,
        Optional<Secret> password,
        String prefix,
        Map<Tier, Duration> timesToLive,
        Duration standardTimeToLive,
        int most,
        List<Publication> publications) {
    private static final Pattern SERVER = Pattern.compile("(\\[[0-9a-fA-F:.]+]|[^:\\s]+):\\d{1,5}");

    public CacheConfig {
        servers = List.copyOf(servers);
        timesToLive = Map.copyOf(timesToLive);
        publications = List.copyOf(publications);
    }

    /** How long what is cached may live. [001] */
    public enum Tier {
        HOT(Duration.ofSeconds(30), Duration.ofMinutes(5)),
        WARM(Duration.ofMinutes(5), Duration.ofMinutes(30)),
        COLD(Duration.ofMinutes(30), Duration.ofHours(24));

        private final Duration least;
        private final Duration most;

        Tier(Duration least, Duration most) {
            this.least = least;
            this.most = most;
        }

        private boolean allows(Duration time) {
            return time.compareTo(least) >= 0 && time.compareTo(most) <= 0;
        }

        private String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * What is cached of a table.
     *
     * @param key as {@code session:{user_id}:{started_at}}: columns stand in braces
     * @param newest column by which the newest rows are chosen
     */
    public record Publication(DatasetName table, String key, Optional<Tier> tier, String newest) {
        private static final String ALLOWED =
                "table = analytics.sessions, key = \"session:{user_id}:{started_at}\", newest ="
                        + " started_at, and optionally tier = hot, warm or cold";
        private static final Set<String> KEYS = Set.of("table", "key", "tier", "newest");

        private static Optional<Publication> parse(Config group) {
            try {
                return KEYS.containsAll(group.root().keySet())
                        ? Optional.of(new Publication(
                                DatasetName.parse(group.getString("table")),
                                group.getString("key"),
                                group.hasPath("tier")
                                        ? Optional.of(Tier.valueOf(
                                                group.getString("tier").toUpperCase(Locale.ROOT)))
                                        : Optional.empty(),
                                group.getString("newest")))
                        : Optional.empty();
            } catch (ConfigException | LakeException | IllegalArgumentException e) {
                return Optional.empty();
            }
        }
    }

    static CacheConfig read(ConfigReader reader) {
        List<String> servers = reader.texts("servers");
        reader.require(
                servers.stream().allMatch(server -> SERVER.matcher(server).matches()),
                "servers",
                "a list of servers as \"localhost:6379\"");
        Map<Tier, Duration> times = new EnumMap<>(Tier.class);
        for (Tier tier : Tier.values()) {
            String name = "ttl." + tier.key();
            Duration time = reader.duration(name);
            reader.require(tier.allows(time), name, "from " + seconds(tier.least) + " to " + seconds(tier.most));
            times.put(tier, time);
        }
        return new CacheConfig(
                servers,
                reader.flag("cluster"),
                reader.flag("tls"),
                reader.optionalText("user"),
                reader.secret("password"),
                reader.text("prefix"),
                times,
                reader.duration("ttl.standard"),
                reader.integer("most", 1, 10_000_000),
                reader.groups("publications", Publication.ALLOWED, Publication::parse));
    }

    public Duration timeToLive(Publication publication) {
        return publication.tier().map(timesToLive::get).orElse(standardTimeToLive);
    }

    private static String seconds(Duration time) {
        return time.toSeconds() + " s";
    }
}
