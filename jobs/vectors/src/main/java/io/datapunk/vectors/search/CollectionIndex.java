package io.datapunk.vectors.search;

import io.datapunk.lake.config.IndexSettings;
import io.datapunk.lake.config.VectorMetric;
import io.datapunk.lake.index.IndexManifest;
import io.datapunk.lake.index.IndexShard;
import io.datapunk.lake.index.IndexStore;
import io.datapunk.lake.model.LakeException;
import io.datapunk.vectors.distance.ExactSearch;
import io.datapunk.vectors.distance.Matrix;
import io.datapunk.vectors.distance.Neighbours;
import io.datapunk.vectors.shard.OpenShard;
import io.datapunk.vectors.shard.Routing;
import io.datapunk.vectors.shard.RowFilter;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One version of a collection's index, opened for searches: by several threads, each with a {@link Searcher}. */
public final class CollectionIndex implements Closeable {
    /** Candidates of each kind where nearness and words are brought together. */
    private static final int CANDIDATES = 100;

    /** Reciprocal rank fusion, Cormack, Clarke and Büttcher 2009: their constant. */
    private static final int RANK = 60;

    private final IndexManifest manifest;
    private final VectorMetric metric;
    private final List<OpenShard> shards;
    private final Routing routing;

    private CollectionIndex(IndexManifest manifest, VectorMetric metric, List<OpenShard> shards) {
        this.manifest = manifest;
        this.metric = metric;
        this.shards = shards;
        this.routing = new Routing(manifest.shards(), metric, manifest.dimensions());
    }

    /**
     * Opens the newest one. Where it is replaced and swept away while it is being opened, the next.
     *
     * @throws LakeException where there is none, or files of it are damaged
     */
    public static CollectionIndex open(IndexStore store, IndexSettings settings) {
        IndexManifest manifest = store.require();
        while (true) {
            try {
                return new CollectionIndex(manifest, settings.metric(), open(store, manifest, settings));
            } catch (IOException e) {
                IndexManifest next = store.require();
                if (next.version() == manifest.version()) {
                    throw LakeException.failed(
                            "the index of collection " + store.collection() + " cannot be searched",
                            e.getClass().getSimpleName() + ": " + e.getMessage(),
                            "`lake vectors build " + store.collection() + "` finds what is damaged, and builds it anew",
                            e);
                }
                manifest = next;
            }
        }
    }

    private static List<OpenShard> open(IndexStore store, IndexManifest manifest, IndexSettings settings)
            throws IOException {
        List<OpenShard> shards = new ArrayList<>();
        try {
            for (IndexShard shard : manifest.shards()) {
                shards.add(OpenShard.open(store, shard, settings));
            }
            return shards;
        } catch (IOException | RuntimeException e) {
            close(shards);
            throw e;
        }
    }

    public IndexManifest manifest() {
        return manifest;
    }

    /** Searches of one thread for rows that meet a filter. */
    public Searcher searcher(RowFilter filter) {
        return new Searcher(filter);
    }

    /** What a filter accepts, and what searching takes, is made once for each shard that is looked into. */
    public final class Searcher {
        private final RowFilter filter;
        private final OpenShard.Searcher[] searchers = new OpenShard.Searcher[shards.size()];

        private Searcher(RowFilter filter) {
            this.filter = filter;
        }

        /** The best first; of equal ones the lower id first. */
        public List<Hit> search(Query query) throws IOException {
            List<Place> near = nearest(
                    query.vector(), query.words().isPresent() ? Math.max(CANDIDATES, query.most()) : query.most());
            List<Place> found = query.words().isPresent() ? fused(near, withTerms(query)) : near;
            List<Hit> hits = new ArrayList<>();
            for (Place place : found) {
                if (hits.size() < query.most()
                        && (query.threshold().isEmpty()
                                || place.score() >= query.threshold().get())) {
                    hits.add(new Hit(
                            manifest.collection(), shards.get(place.shard()).row(place.ordinal()), place.score()));
                }
            }
            return hits;
        }

        /** The nearest first. */
        public List<NearRow> nearestRows(float[] vector, int most) throws IOException {
            List<NearRow> rows = new ArrayList<>();
            for (Place place : nearest(vector, most)) {
                rows.add(new NearRow(shards.get(place.shard()).key(place.ordinal()), place.score()));
            }
            return rows;
        }

        private List<Place> nearest(float[] vector, int most) throws IOException {
            List<Place> found = new ArrayList<>();
            for (int shard : routing.shards(vector, manifest.probes())) {
                if (searchers[shard] == null) {
                    searchers[shard] = shards.get(shard).searcher(filter);
                }
                found.addAll(places(shard, searchers[shard].nearest(vector, most)));
            }
            return best(found, most);
        }

        private List<Place> withTerms(Query query) throws IOException {
            List<Place> found = new ArrayList<>();
            for (int shard = 0; shard < shards.size(); shard++) {
                found.addAll(
                        places(shard, shards.get(shard).withTerms(query.words().orElseThrow(), filter, CANDIDATES)));
            }
            List<Place> best = new ArrayList<>();
            for (Place place : best(found, CANDIDATES)) {
                float[] vector = shards.get(place.shard()).vector(place.ordinal());
                best.add(new Place(place.shard(), place.ordinal(), score(query.vector(), vector)));
            }
            return best;
        }
    }

    /** A row of a shard. */
    private record Place(int shard, int ordinal, float score) {
        private long key() {
            return (long) shard << Integer.SIZE | ordinal;
        }
    }

    private static List<Place> places(int shard, Neighbours found) {
        List<Place> places = new ArrayList<>();
        for (int i = 0; i < found.size(); i++) {
            places.add(new Place(shard, found.ordinals()[i], found.scores()[i]));
        }
        return places;
    }

    private static List<Place> best(List<Place> found, int most) {
        found.sort(Comparator.comparingDouble(Place::score).reversed().thenComparingLong(Place::key));
        return found.subList(0, Math.min(most, found.size()));
    }

    private float score(float[] query, float[] vector) {
        Matrix one = new Matrix(metric, vector.length);
        one.add(query);
        Matrix other = new Matrix(metric, vector.length);
        other.add(vector);
        return ExactSearch.nearest(other, one, 1)[0].scores()[0];
    }

    private static List<Place> fused(List<Place> near, List<Place> withTerms) {
        Map<Long, Place> places = new HashMap<>();
        Map<Long, Double> ranks = new HashMap<>();
        for (List<Place> list : List.of(near, withTerms)) {
            for (int rank = 0; rank < list.size(); rank++) {
                places.putIfAbsent(list.get(rank).key(), list.get(rank));
                ranks.merge(list.get(rank).key(), 1.0 / (RANK + rank + 1), Double::sum);
            }
        }
        return places.values().stream()
                .sorted(Comparator.comparingDouble((Place place) -> ranks.get(place.key()))
                        .reversed()
                        .thenComparingLong(Place::key))
                .toList();
    }

    @Override
    public void close() throws IOException {
        close(shards);
    }

    private static void close(List<OpenShard> shards) throws IOException {
        IOException problem = null;
        for (OpenShard shard : shards) {
            try {
                shard.close();
            } catch (IOException e) {
                problem = e;
            }
        }
        if (problem != null) {
            throw problem;
        }
    }
}
