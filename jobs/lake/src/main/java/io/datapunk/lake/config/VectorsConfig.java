package io.datapunk.lake.config;

import com.typesafe.config.ConfigUtil;
import io.datapunk.lake.model.LakeException;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Vectors and their indexes.
 *
 * @param model name of the model that comes with the lake, or the folder of another one
 * @param batch texts that the model is given at once
 * @param recallSample rows whose neighbours are looked up exactly when an index was built
 * @param recallNeighbours how many neighbours of each
 * @param collections by name
 */
public record VectorsConfig(
        String model,
        int batch,
        int recallSample,
        int recallNeighbours,
        SortedMap<String, CollectionConfig> collections) {
    /** Tables of schema {@code vectors} that hold what was found, and no collection. */
    public static final List<String> RESERVED = List.of("builds", "neighbours", "clusters", "outliers");

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,62}");

    /** @param collections readers of each collection's keys over the defaults, by name */
    static VectorsConfig read(ConfigReader reader, SortedMap<String, ConfigReader> collections) {
        SortedMap<String, CollectionConfig> read = new TreeMap<>();
        collections.forEach((name, keys) -> {
            if (NAME.matcher(name).matches() && !RESERVED.contains(name)) {
                read.put(name, CollectionConfig.read(name, keys));
            } else {
                reader.require(
                        false,
                        ConfigUtil.joinPath("collections", name),
                        "a name of lower-case letters, digits and underscores, other than "
                                + String.join(", ", RESERVED));
            }
        });
        return new VectorsConfig(
                reader.text("model"),
                reader.integer("batch", 1, 4096),
                reader.integer("recall.sample", 10, 1_000_000),
                reader.integer("recall.neighbours", 1, 1000),
                read);
    }

    /** @throws LakeException (usage) where there is no such collection */
    public CollectionConfig require(String collection) {
        return find(collection)
                .orElseThrow(() -> LakeException.usage(
                        "there is no collection '" + collection + "'",
                        "the configuration has " + String.join(", ", collections.keySet()),
                        "add it under lake.vectors.collections, or name one of these"));
    }

    public Optional<CollectionConfig> find(String collection) {
        return Optional.ofNullable(collections.get(collection));
    }
}
