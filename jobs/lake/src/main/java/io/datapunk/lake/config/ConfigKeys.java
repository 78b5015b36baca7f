package io.datapunk.lake.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** The keys that exist: the reference's, the owner's own below {@code spark.settings}, and overrides by dataset. */
final class ConfigKeys {
    static final String DEFAULT = "default";
    static final String DATASETS = "lake.datasets";
    static final String TIERING = "lake.tiering";
    static final String RETENTION = "archive.retention";
    private static final String RETENTION_CLASSES = "lake.archive.retention.classes";
    private static final String COLLECTIONS = "lake.vectors.collections";
    private static final String COLLECTION = "lake.vectors.collection";
    private static final String SPARK_SETTINGS = "lake.spark.settings";
    private static final String BUDGET = "budget.";
    private static final List<String> SECRETS = List.of(
            "lake.airflow.password",
            "lake.airflow.token",
            "lake.analytics.cache.password",
            "lake.lineage.token",
            "lake.postgres.password",
            "lake.storage.s3.access-key",
            "lake.storage.s3.secret-key",
            "lake.storage.encryption.keystore-password",
            "lake.storage.encryption.kms-token",
            "lake.telemetry.headers");

    private final Collection<String> known;

    ConfigKeys(Config reference) {
        known = new TreeSet<>();
        reference.entrySet().forEach(entry -> known.add(entry.getKey()));
    }

    /** Why a key does not exist, or empty where it does. */
    Optional<String> mistake(String key, String source) {
        if (known.contains(key)) {
            return Optional.empty();
        }
        List<String> elements = ConfigUtil.splitPath(key);
        if (elements.size() == 5 && key.startsWith(RETENTION_CLASSES + ".")) {
            return Optional.empty();
        }
        if (elements.size() > 4 && key.startsWith(COLLECTIONS + ".")) {
            String common = COLLECTION + "." + String.join(".", elements.subList(4, elements.size()));
            return known.contains(common)
                    ? Optional.empty()
                    : Optional.of("(" + source + ") is not a key" + suggestion(common));
        }
        if (elements.size() == 4 && key.startsWith(SPARK_SETTINGS + ".")) {
            return Optional.empty();
        }
        if (key.startsWith(SPARK_SETTINGS + ".")) {
            return Optional.of("(" + source + ") needs the Spark setting's name in quotes");
        }
        if (SECRETS.contains(key)) {
            return Optional.of("(" + source + ") is a secret: set " + variable(key)
                    + ", or name a file that holds it with " + key + "-file");
        }
        if (key.startsWith(DATASETS + ".")) {
            return datasetMistake(elements, source);
        }
        return Optional.of("(" + source + ") is not a key" + suggestion(key));
    }

    private Optional<String> datasetMistake(List<String> elements, String source) {
        if (elements.size() == 5 && String.join(".", elements.subList(3, 5)).equals(RETENTION)) {
            return Optional.empty();
        }
        if (elements.size() < 5 || !elements.get(3).equals("tiering")) {
            return Optional.of(
                    "(" + source + ") is not a key; write lake.datasets.\"user_data.activity\".tiering.<key> or"
                            + " lake.datasets.\"user_data.activity\"." + RETENTION);
        }
        String name = String.join(".", elements.subList(4, elements.size()));
        if (name.startsWith(BUDGET)) {
            return Optional.of("(" + source + ") is a budget of the whole lake: set " + TIERING + "." + name);
        }
        return known.contains(TIERING + "." + name)
                ? Optional.empty()
                : Optional.of("(" + source + ") is not a key" + suggestion(TIERING + "." + name));
    }

    private String suggestion(String key) {
        LevenshteinDistance distance = LevenshteinDistance.getDefaultInstance();
        return known.stream()
                .min(Comparator.comparingInt(candidate -> distance.apply(key, candidate)))
                .filter(candidate -> distance.apply(key, candidate) <= 3)
                .map(candidate -> "; did you mean " + candidate + "?")
                .orElse("");
    }

    /** Environment variable to key. A variable of no module of ours belongs to somebody else. */
    SortedMap<String, String> fromEnvironment(Map<String, String> environment, Problems problems) {
        Map<String, String> byVariable = new TreeMap<>();
        known.forEach(key -> byVariable.put(variable(key), key));
        SortedMap<String, String> found = new TreeMap<>();
        environment.keySet().stream().sorted().forEach(name -> {
            String key = byVariable.get(name);
            if (key != null) {
                found.put(name, key);
            } else if (isOfAModule(name)
                    && SECRETS.stream().noneMatch(secret -> variable(secret).equals(name))) {
                problems.add(name, "(environment) is not a key" + variableSuggestion(name, byVariable.keySet()));
            }
        });
        return found;
    }

    private boolean isOfAModule(String name) {
        return known.stream()
                .map(ConfigUtil::splitPath)
                .filter(elements -> elements.size() > 2)
                .anyMatch(elements -> name.startsWith("LAKE_" + elements.get(1).toUpperCase(Locale.ROOT) + "_"));
    }

    private static String variableSuggestion(String name, Collection<String> variables) {
        LevenshteinDistance distance = LevenshteinDistance.getDefaultInstance();
        return variables.stream()
                .min(Comparator.comparingInt(candidate -> distance.apply(name, candidate)))
                .filter(candidate -> distance.apply(name, candidate) <= 3)
                .map(candidate -> "; did you mean " + candidate + "?")
                .orElse("");
    }

    /** {@code LAKE_INGEST_SPLIT_SIZE} for {@code lake.ingest.split-size}. */
    static String variable(String key) {
        return key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    /** Where a value was written; the reference's own are {@value #DEFAULT}, without a line. */
    static String source(ConfigValue value) {
        String description = value.origin().description();
        return description.startsWith(DEFAULT + ":") ? DEFAULT : description;
    }
}
