package io.datapunk.vectors.build;

import io.datapunk.lake.config.CollectionConfig;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.DeltaAppend;
import io.datapunk.lake.delta.DeltaSchemas;
import io.datapunk.lake.delta.DeltaTables;
import io.datapunk.lake.index.IndexManifest;
import io.datapunk.lake.index.IndexStore;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.model.table.TableDefinition;
import io.datapunk.lake.model.table.VectorsTable;
import io.datapunk.testkit.SharedSpark;
import io.datapunk.vectors.search.CollectionIndex;
import io.datapunk.vectors.search.Hit;
import io.datapunk.vectors.search.Query;
import io.datapunk.vectors.shard.RowFilter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;

/** A lake with the vectors of one collection: points of a plane of 16 dimensions, in twenty heaps. */
final class VectorsFixture {
    static final String COLLECTION = "points";
    static final int DIMENSIONS = 16;
    static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");
    private static final int HEAPS = 20;
    private static final TableDefinition TABLE = VectorsTable.definition(COLLECTION);

    final LakeConfig config;
    final LakeHome home;
    final SparkSession spark;

    VectorsFixture(Path folder, Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(Map.of(
                "lake.home", folder.resolve("home").toString(),
                "lake.vectors.collections.points.source", "user_data.activity",
                "lake.vectors.collections.points.vector", "point",
                "lake.vectors.collections.points.shard-rows", "1000",
                "lake.vectors.recall.sample", "100"));
        settings.forEach((key, value) -> all.put("lake.vectors.collections.points." + key, value));
        this.config = LakeConfig.load(null, Map.of(), all);
        this.home = LakeHome.open(config);
        this.spark = SharedSpark.session(folder.resolve("home"));
        DeltaTables.ensure(spark, home, TABLE);
    }

    CollectionConfig collection() {
        return config.vectors().require(COLLECTION);
    }

    IndexStore store() {
        return IndexStore.of(home, new Configuration(), COLLECTION);
    }

    IndexManifest index() {
        return store().current().orElseThrow();
    }

    /** The point with a number: always the same. */
    static float[] point(int number) {
        Random heap = new Random(number % HEAPS);
        Random own = new Random(1000 + number);
        float[] point = new float[DIMENSIONS];
        for (int d = 0; d < DIMENSIONS; d++) {
            point[d] = (float) (heap.nextGaussian() + 0.3 * own.nextGaussian());
        }
        return point;
    }

    /** Adds points by their numbers; the even ones are ann's. */
    void append(int from, int to) {
        append(from, to, NOW);
    }

    /** @param time of what they are of */
    void append(int from, int to, Instant time) {
        List<Row> rows = new ArrayList<>();
        for (int number = from; number < to; number++) {
            List<Float> vector = new ArrayList<>();
            for (float value : point(number)) {
                vector.add(value);
            }
            rows.add(RowFactory.create(
                    id(number),
                    user(number),
                    time,
                    "point " + number + " of pair" + number % HEAPS / 2 + " has its " + user(number),
                    Map.of("heap", Integer.toString(number % HEAPS)),
                    "content-" + number,
                    "external",
                    "",
                    DIMENSIONS,
                    false,
                    vector,
                    "user_data.activity",
                    1L,
                    NOW,
                    "2026-11"));
        }
        new DeltaAppend(spark, home).append(TABLE, spark.createDataFrame(rows, DeltaSchemas.structType(TABLE)));
    }

    static String user(int number) {
        return number % 2 == 0 ? "ann" : "bob";
    }

    String table() {
        return home.tablePath(TABLE.name());
    }

    void delete(String where) {
        spark.sql("DELETE FROM delta.`" + table() + "` WHERE " + where);
    }

    static String id(int number) {
        return "%06d".formatted(number);
    }

    BuildJob.Report build() {
        return build(false);
    }

    BuildJob.Report build(boolean full) {
        return new BuildJob(spark, config, home).run(new BuildJob.Request(collection(), full, NOW), Progress.NONE);
    }

    /** The ids of what is nearest to a point, without its own. */
    List<String> near(int number, int most, RowFilter filter) throws IOException {
        try (CollectionIndex index = CollectionIndex.open(store(), collection().index())) {
            return index
                    .searcher(filter)
                    .search(new Query(point(number), most + 1, Optional.empty(), Optional.empty()))
                    .stream()
                    .map(Hit::row)
                    .map(row -> row.id())
                    .filter(id -> !id.equals(id(number)))
                    .limit(most)
                    .toList();
        }
    }
}
