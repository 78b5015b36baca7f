package io.datapunk.lake.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How an operator's own server is set, beside what {@code conf/postgres/server.conf} advises. The memory of its machine
 * cannot be asked for; the advice takes it from {@code effective_cache_size}, which is 75 % of it.
 */
public final class ServerSettings {
    private static final long MIB = 1L << 20;

    private static final String QUERY = """
            SELECT name, setting::numeric * CASE WHEN unit ~ 'B$' THEN pg_size_bytes(
                       CASE WHEN unit ~ '^[0-9]' THEN unit ELSE '1' || unit END)
                   ELSE 1 END AS value
              FROM pg_settings
             WHERE name = ANY (?)
            """;

    /** A setting that is worth another value. */
    public record Difference(String setting, String found, String advised) {}

    /** What one setting should at least, or at most, be. */
    private record Rule(String setting, double bound, boolean isLeast, boolean isBytes) {
        private static Rule leastBytes(String setting, long bound) {
            return new Rule(setting, bound, true, true);
        }

        private static Rule least(String setting, double bound) {
            return new Rule(setting, bound, true, false);
        }

        private static Rule most(String setting, double bound) {
            return new Rule(setting, bound, false, false);
        }

        private Optional<Difference> difference(Map<String, Double> found) {
            double value = found.getOrDefault(setting, bound);
            boolean fits = isLeast ? value >= bound : value <= bound;
            return fits ? Optional.empty() : Optional.of(new Difference(setting, text(value), text(bound)));
        }

        private String text(double value) {
            if (isBytes) {
                return Math.round(value / MIB) + "MB";
            }
            return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
        }
    }

    private static final String EFFECTIVE_CACHE_SIZE = "effective_cache_size";
    // The seeds' numbers, as server.conf has them; memory for maintenance is left out, the lake's sessions set their
    // own.
    private static final List<Rule> FIXED = List.of(
            Rule.least("max_connections", 200),
            Rule.leastBytes("work_mem", 16 * MIB),
            Rule.leastBytes("wal_buffers", 16 * MIB),
            Rule.leastBytes("max_wal_size", 4096 * MIB),
            Rule.least("checkpoint_timeout", 300),
            Rule.most("random_page_cost", 1.1),
            Rule.least("effective_io_concurrency", 200),
            Rule.least("default_statistics_target", 100));

    private ServerSettings() {}

    /** What a server should be set to otherwise; empty where nothing. */
    public static List<Difference> differences(PostgresConnection server) {
        try (Connection connection = server.open("lake doctor")) {
            return differences(settings(connection));
        } catch (SQLException e) {
            throw SqlState.failure("the settings of the hot store at " + server.url() + " could not be read", e);
        }
    }

    /** @param found in bytes, seconds, or plain numbers */
    static List<Difference> differences(Map<String, Double> found) {
        List<Difference> differences = new ArrayList<>();
        double cache = found.getOrDefault(EFFECTIVE_CACHE_SIZE, 0.0);
        // A quarter of the memory, where the cache is three quarters.
        Rule.leastBytes("shared_buffers", Math.round(cache / 3))
                .difference(found)
                .ifPresent(differences::add);
        FIXED.forEach(rule -> rule.difference(found).ifPresent(differences::add));
        return differences;
    }

    private static Map<String, Double> settings(Connection connection) throws SQLException {
        List<String> names = new ArrayList<>(FIXED.stream().map(Rule::setting).toList());
        names.add("shared_buffers");
        names.add(EFFECTIVE_CACHE_SIZE);
        Map<String, Double> settings = new HashMap<>();
        try (PreparedStatement query = connection.prepareStatement(QUERY)) {
            query.setArray(1, connection.createArrayOf("text", names.toArray()));
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    settings.put(rows.getString(1), rows.getDouble(2));
                }
            }
        }
        return settings;
    }
}
