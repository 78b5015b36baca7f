package io.datapunk.lake.config;

import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.LakeException;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Vectors of the rows of one table, and the index over them.
 *
 * @param name of the collection, and of its table in schema {@code vectors}
 * @param enabled whether commands that name no collection work on it
 * @param source the table
 * @param id the column that names a row
 * @param text groups of columns: each group becomes one text and a vector of the model, and the vectors one behind the other
 *     the row's; empty where the rows have vectors
 * @param vector the column that has vectors; empty where they are made of texts
 * @param time the column of a row's time; empty: the rows have none
 * @param filters columns that searches can ask for
 * @param keep how long after its time a row stays; empty: as long as in its table
 * @param scoreThreshold what a hit has to reach; empty: anything is a hit
 * @param recall the share of true neighbours that an index has to find, or it is not published
 * @param shardRows most rows of one shard
 */
public record CollectionConfig(
        String name,
        boolean enabled,
        DatasetName source,
        String id,
        List<List<String>> text,
        Optional<String> vector,
        Optional<String> time,
        List<String> filters,
        IndexSettings index,
        Optional<Period> keep,
        Optional<Double> scoreThreshold,
        double recall,
        int shardRows) {
    public CollectionConfig {
        text = text.stream().map(List::copyOf).toList();
        filters = List.copyOf(filters);
    }

    static CollectionConfig read(String name, ConfigReader reader) {
        List<List<String>> text = reader.textGroups("text");
        Optional<String> vector = reader.optionalText("vector");
        reader.require(
                text.isEmpty() != vector.isEmpty(),
                "text",
                "columns that are texts, as [[\"subject\", \"text\"]], or else vector the column that has vectors",
                "vector");
        reader.require(text.stream().noneMatch(Collection::isEmpty), "text", "groups of columns that are not empty");
        return new CollectionConfig(
                name,
                reader.flag("enabled"),
                dataset(reader),
                reader.text("id"),
                text,
                vector,
                reader.optionalText("time"),
                reader.texts("filters"),
                IndexSettings.read(reader),
                reader.periodOr("keep", "never"),
                reader.numberOr("score-threshold", "none"),
                reader.share("recall"),
                reader.integer("shard-rows", 1000, 10_000_000));
    }

    /** Rows of before this time are not kept; empty: all are. */
    public Optional<Instant> keptFrom(Instant now) {
        return keep.map(period -> now.atOffset(ZoneOffset.UTC).minus(period).toInstant());
    }

    private static DatasetName dataset(ConfigReader reader) {
        String source = reader.text("source");
        try {
            return DatasetName.parse(source);
        } catch (LakeException e) {
            reader.require(false, "source", "a table, as user_data.activity");
            return new DatasetName("user_data", "activity");
        }
    }
}
