package io.datapunk.vectors.sql;

import io.datapunk.lake.config.CollectionConfig;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.index.IndexStore;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.spark.LakeSession;
import io.datapunk.lake.storage.Stores;
import io.datapunk.vectors.embed.OnnxModel;
import io.datapunk.vectors.neighbours.NearestRows;
import io.datapunk.vectors.search.Hit;
import io.datapunk.vectors.search.SearchJob;
import io.datapunk.vectors.shard.IndexPlace;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Searches the collections of the lake that a session is bound to ({@code spark.lake.home}); the rest of its configuration
 * comes from the environment, as for {@code lake}. In a notebook:
 *
 * <pre>{@code
 * VectorSearch vectors = VectorSearch.of(spark);
 * vectors.search("activity", "boats on a lake", 10).show();
 * vectors.nearest(rowsWithVectors, "vector", "activity", 5).show();
 * }</pre>
 */
public final class VectorSearch {
    private static final StructType FOUND = new StructType()
            .add("collection", DataTypes.StringType, false)
            .add("id", DataTypes.StringType, false)
            .add("score", DataTypes.FloatType, false)
            .add("user_id", DataTypes.StringType)
            .add("event_time", DataTypes.TimestampType)
            .add("text", DataTypes.StringType)
            .add("attributes", DataTypes.createMapType(DataTypes.StringType, DataTypes.StringType), false);

    private final SparkSession spark;
    private final LakeConfig config;
    private final LakeHome home;

    private VectorSearch(SparkSession spark, LakeConfig config) {
        this.spark = spark;
        this.config = config;
        this.home = LakeHome.openExisting(config);
    }

    /** @throws LakeException (usage) where the session is bound to no lake */
    public static VectorSearch of(SparkSession spark) {
        return of(spark, LakeSession.config(spark));
    }

    /** With a configuration of one's own. */
    public static VectorSearch of(SparkSession spark, LakeConfig config) {
        return new VectorSearch(spark, config);
    }

    /**
     * The rows that mean what a text says, the best first: their collection, id, score, user_id, event_time, text and
     * attributes.
     *
     * @param collection whose index is searched; its score threshold holds
     * @param most rows to find
     * @throws LakeException where the collection has no index over texts, or one of another model
     */
    public Dataset<Row> search(String collection, String text, int most) {
        SearchJob.Request request = new SearchJob.Request(
                text,
                List.of(collection),
                most,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                false,
                Optional.empty());
        return spark.createDataFrame(
                new SearchJob(config, home)
                        .run(request).hits().stream().map(VectorSearch::row).toList(),
                FOUND);
    }

    private static Row row(Hit hit) {
        return RowFactory.create(
                hit.collection(),
                hit.row().id(),
                hit.score(),
                hit.row().userId().orElse(null),
                hit.row().eventTime().orElse(null),
                hit.row().text().orElse(null),
                hit.row().attributes());
    }

    /**
     * The nearest rows of a collection for each of many rows. Each task opens the index once; nothing is shuffled.
     *
     * @param rows of any table
     * @param vector their column with vectors ({@code array<float>}) of the collection's dimensions; a row without one has no
     *     neighbours
     * @param most neighbours of each
     * @return the rows' columns without the vector, with {@code rank} (1 for the nearest), {@code neighbour_id}, {@code score} and
     *     {@code index_version}
     * @throws LakeException where the collection has no index
     */
    public Dataset<Row> nearest(Dataset<Row> rows, String vector, String collection, int most) {
        CollectionConfig searched = config.vectors().require(collection);
        Configuration stores = Stores.configuration(config);
        IndexStore.of(home, stores, collection).require();
        return NearestRows.join(rows, vector, IndexPlace.of(spark, home, stores, collection), searched.index(), most);
    }

    /** The model that makes vectors of texts. */
    OnnxModel model() {
        return OnnxModel.of(config.vectors());
    }
}
