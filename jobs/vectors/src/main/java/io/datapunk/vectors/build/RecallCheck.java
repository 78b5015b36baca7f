package io.datapunk.vectors.build;

import io.datapunk.lake.config.CollectionConfig;
import io.datapunk.lake.config.IndexSettings;
import io.datapunk.lake.config.VectorMetric;
import io.datapunk.lake.config.VectorsConfig;
import io.datapunk.lake.index.IndexManifest;
import io.datapunk.lake.index.IndexShard;
import io.datapunk.vectors.distance.ExactSearch;
import io.datapunk.vectors.distance.Matrix;
import io.datapunk.vectors.distance.Neighbours;
import io.datapunk.vectors.shard.IndexPlace;
import io.datapunk.vectors.shard.OpenShard;
import io.datapunk.vectors.shard.Routing;
import io.datapunk.vectors.shard.RowFilter;
import io.datapunk.vectors.shard.VectorRows;
import io.datapunk.vectors.shard.VectorRows.RowVector;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Looks up the neighbours of some rows in an index and, exactly, in the table; a row is no neighbour of itself. Each shard is
 * asked once, so that it is known what a search of any number of shards finds.
 */
final class RecallCheck {
    private static final long SEED = 2;
    private static final int BLOCK_ROWS = 8192;
    private static final int TABLE = -1;

    /** One is as good as the true one where their scores differ by rounding alone. */
    private static final float ROUNDING = 1e-5f;

    /** What is measured on a sample is not known better. */
    private static final double MARGIN = 0.005;

    private final SparkSession spark;
    private final IndexPlace place;
    private final CollectionConfig collection;
    private final VectorsConfig config;

    RecallCheck(SparkSession spark, IndexPlace place, CollectionConfig collection, VectorsConfig config) {
        this.spark = spark;
        this.place = place;
        this.collection = collection;
        this.config = config;
    }

    /** Some rows whose neighbours are asked for. */
    private record Sample(List<String> ids, float[][] vectors) implements Serializable {
        private Matrix matrix(VectorMetric metric) {
            return Matrix.of(metric, vectors);
        }
    }

    /** @param shard place in the list of shards, or {@link #TABLE} */
    private record Found(int query, int shard, String id, float score) implements Serializable {}

    /**
     * Measures. Exactly are compared the rows that were built, as the table has them, and those of the other shards, as these
     * have them: they were compared with the table when they were built, and are what was written.
     *
     * @param built shards that were built now
     * @param rows of the table that they were built of
     * @return with the smallest number of probes that reaches what the collection asks for; all of them where none does
     */
    Recall measure(IndexManifest index, Set<String> built, Dataset<Row> rows) {
        Sample sample = sample(index);
        if (sample.ids().isEmpty()) {
            return new Recall(1, 0, 0);
        }
        Broadcast<Sample> queries =
                JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(sample);
        List<IndexShard> kept = index.shards().stream()
                .filter(shard -> !built.contains(shard.id()))
                .toList();
        List<Found> exact = new ArrayList<>(exact(rows, queries));
        exact.addAll(exact(kept, queries));
        List<Truth> truths = truths(sample, exact);
        List<List<Found>> found = byQuery(sample, searched(index.shards(), queries));
        Routing routing = new Routing(index.shards(), collection.index().metric(), index.dimensions());
        Recall recall = null;
        for (int probes = Math.min(1, routing.routed()); probes <= routing.routed(); probes++) {
            recall = new Recall(
                    share(sample, routing, probes, found, truths),
                    probes,
                    sample.ids().size());
            if (recall.share() >= Math.min(1, collection.recall() + MARGIN)) {
                break;
            }
        }
        queries.destroy();
        return recall;
    }

    private Sample sample(IndexManifest index) {
        int wanted = config.recallSample();
        double share = Math.min(1, 1.2 * wanted / Math.max(1, index.rows()));
        List<RowVector> sampled = ofShards(index.shards(), (open, number) -> {
            List<RowVector> rows = new ArrayList<>();
            for (int row : open.sample(share, SEED + number).toArray()) {
                rows.add(new RowVector(open.key(row).id(), open.vector(row)));
            }
            return rows;
        });
        // Not the first ones, which one shard may have.
        Collections.shuffle(sampled, new Random(SEED));
        List<RowVector> some = sampled.subList(0, Math.min(wanted, sampled.size()));
        return new Sample(
                some.stream().map(RowVector::id).toList(),
                some.stream().map(RowVector::vector).toArray(float[][]::new));
    }

    /** What a task does with a shard, and its place in the list. */
    @FunctionalInterface
    private interface ShardWork<T> extends Serializable {
        List<T> of(OpenShard shard, int number) throws IOException;
    }

    private <T> List<T> ofShards(List<IndexShard> shards, ShardWork<T> work) {
        IndexPlace where = place;
        IndexSettings of = collection.index();
        List<byte[]> all = shards.stream().map(IndexShard::toBytes).toList();
        JavaRDD<Integer> places = JavaSparkContext.fromSparkContext(spark.sparkContext())
                .parallelize(IntStream.range(0, all.size()).boxed().toList(), Math.max(1, all.size()));
        return new ArrayList<>(places.flatMap(number -> {
                    try (OpenShard open = OpenShard.open(where.open(), IndexShard.parse(all.get(number)), of)) {
                        return work.of(open, number).iterator();
                    }
                })
                .collect());
    }

    private List<Found> exact(List<IndexShard> shards, Broadcast<Sample> queries) {
        VectorMetric metric = collection.index().metric();
        int neighbours = config.recallNeighbours();
        return ofShards(shards, (open, number) -> {
            Sample sample = queries.value();
            Neighbours[] nearest = open.nearest(sample.matrix(metric), neighbours + 1);
            List<Found> found = new ArrayList<>();
            for (int query = 0; query < nearest.length; query++) {
                add(found, sample, query, TABLE, nearest[query], row -> open.key(row)
                        .id());
            }
            return found;
        });
    }

    private List<Found> exact(Dataset<Row> rows, Broadcast<Sample> queries) {
        IndexSettings of = collection.index();
        int neighbours = config.recallNeighbours();
        return VectorRows.vectors(rows)
                .mapPartitions(part -> exact(part, queries.value(), of, neighbours))
                .collect();
    }

    private static Iterator<Found> exact(
            Iterator<RowVector> rows, Sample sample, IndexSettings settings, int neighbours) throws IOException {
        Matrix queries = sample.matrix(settings.metric());
        List<Found> found = new ArrayList<>();
        while (rows.hasNext()) {
            Matrix block = new Matrix(settings.metric(), queries.dimensions());
            List<String> ids = new ArrayList<>();
            while (rows.hasNext() && ids.size() < BLOCK_ROWS) {
                RowVector row = rows.next();
                ids.add(row.id());
                block.add(row.vector());
            }
            Neighbours[] nearest = ExactSearch.nearest(block, queries, neighbours + 1);
            for (int query = 0; query < nearest.length; query++) {
                add(found, sample, query, TABLE, nearest[query], ids::get);
            }
        }
        return found.iterator();
    }

    @FunctionalInterface
    private interface Ids {
        String of(int ordinal) throws IOException;
    }

    private static void add(List<Found> found, Sample sample, int query, int shard, Neighbours nearest, Ids ids)
            throws IOException {
        for (int i = 0; i < nearest.size(); i++) {
            String id = ids.of(nearest.ordinals()[i]);
            if (!id.equals(sample.ids().get(query))) {
                found.add(new Found(query, shard, id, nearest.scores()[i]));
            }
        }
    }

    private List<Found> searched(List<IndexShard> shards, Broadcast<Sample> queries) {
        int neighbours = config.recallNeighbours();
        return ofShards(shards, (open, number) -> {
            Sample sample = queries.value();
            OpenShard.Searcher searcher = open.searcher(RowFilter.NONE);
            List<Found> found = new ArrayList<>();
            for (int query = 0; query < sample.vectors().length; query++) {
                Neighbours nearest = searcher.nearest(sample.vectors()[query], neighbours + 1);
                add(found, sample, query, number, nearest, row -> open.key(row).id());
            }
            return found;
        });
    }

    private List<List<Found>> byQuery(Sample sample, List<Found> found) {
        List<List<Found>> byQuery = new ArrayList<>();
        sample.ids().forEach(id -> byQuery.add(new ArrayList<>()));
        found.forEach(one -> byQuery.get(one.query()).add(one));
        byQuery.forEach(list ->
                list.sort(Comparator.comparingDouble(Found::score).reversed().thenComparing(Found::id)));
        return byQuery;
    }

    /**
     * What has to be found of a query.
     *
     * @param count of its true neighbours
     * @param worst the score of the last of them
     */
    private record Truth(int count, float worst) {
        private boolean has(Found found) {
            return found.score() >= worst - ROUNDING * Math.max(1, Math.abs(worst));
        }
    }

    private List<Truth> truths(Sample sample, List<Found> exact) {
        return byQuery(sample, exact).stream()
                .map(found -> {
                    int count = Math.min(found.size(), config.recallNeighbours());
                    return new Truth(
                            count, count == 0 ? 0 : found.get(count - 1).score());
                })
                .toList();
    }

    private double share(Sample sample, Routing routing, int probes, List<List<Found>> found, List<Truth> truths) {
        long hits = 0;
        long wanted = 0;
        for (int query = 0; query < truths.size(); query++) {
            Truth truth = truths.get(query);
            Set<Integer> shards = new HashSet<>(routing.shards(sample.vectors()[query], probes));
            hits += found.get(query).stream()
                    .filter(one -> shards.contains(one.shard()))
                    .limit(truth.count())
                    .filter(truth::has)
                    .count();
            wanted += truth.count();
        }
        return wanted == 0 ? 1 : (double) hits / wanted;
    }
}
