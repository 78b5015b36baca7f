package io.datapunk.vectors.index;

import io.datapunk.lake.config.IndexSettings.IndexType;
import io.datapunk.vectors.distance.Matrix;
import io.datapunk.vectors.kmeans.Centroids;
import io.datapunk.vectors.kmeans.KMeans;
import java.io.IOException;
import java.nio.file.Path;

/** Lists of the rows that are nearest to each of many centroids (an inverted file). */
final class ListsFormat extends FolderFormat {
    /** Rows of a list at least, on average: FAISS warns of fewer to train a centroid by. */
    private static final int LEAST_ROWS = 39;

    private static final long SEED = 1;

    private final int lists;

    ListsFormat(int lists) {
        super(IndexType.IVF, 0);
        this.lists = lists;
    }

    @Override
    void writeStructure(Matrix vectors, Path folder, BuildThreads threads) throws IOException, InterruptedException {
        int wanted = Math.max(1, Math.min(lists, vectors.size() / LEAST_ROWS));
        Lists found = threads.run(() -> {
            Centroids centroids = KMeans.train(vectors, wanted, SEED);
            return centroids.size() == 0 ? null : Lists.of(centroids, centroids.assign(vectors));
        });
        // Where no vector has a direction, all are equally near to anything.
        if (found != null) {
            found.write(folder.resolve(Lists.FILE));
        }
    }
}
