package io.datapunk.vectors.shard;

import io.datapunk.lake.config.VectorMetric;
import io.datapunk.lake.index.IndexShard;
import io.datapunk.vectors.distance.Matrix;
import io.datapunk.vectors.kmeans.Centroids;
import java.util.ArrayList;
import java.util.List;

/** Which shards a search looks into: those whose rows can be near to anything, and of the others the nearest. */
public final class Routing {
    private final List<Integer> always = new ArrayList<>();
    private final List<Integer> routed = new ArrayList<>();
    private final Centroids centroids;

    /** @param dimensions of the vectors */
    public Routing(List<IndexShard> shards, VectorMetric metric, int dimensions) {
        Matrix middles = new Matrix(Centroids.metric(metric), dimensions);
        for (int shard = 0; shard < shards.size(); shard++) {
            if (shards.get(shard).isRouted()) {
                routed.add(shard);
                middles.add(shards.get(shard).centroid());
            } else {
                always.add(shard);
            }
        }
        this.centroids = Centroids.of(middles);
    }

    /** How many of the shards have a centroid. */
    public int routed() {
        return routed.size();
    }

    /** The places of the shards in their list. */
    public List<Integer> shards(float[] query, int probes) {
        List<Integer> found = new ArrayList<>(always);
        if (probes > 0 && !routed.isEmpty()) {
            for (int nearest : centroids.nearest(query, probes)) {
                found.add(routed.get(nearest));
            }
        }
        return found;
    }
}
