package io.datapunk.vectors.publish;

import io.datapunk.lake.config.CollectionConfig;
import io.datapunk.lake.config.IndexSettings;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.postgres.VectorLayout;
import io.datapunk.lake.postgres.VectorLayout.Flat;
import io.datapunk.lake.postgres.VectorLayout.Hnsw;
import io.datapunk.lake.postgres.VectorLayout.IvfFlat;
import io.datapunk.lake.postgres.VectorLayout.Method;
import java.util.ArrayList;
import java.util.List;

/**
 * How a collection is to lie in PostgreSQL: what its configuration says, within the limits of pgvector.
 *
 * @param warnings what its owner should know
 */
record PublicationPlan(VectorLayout layout, List<String> warnings) {
    /** Fewer rows for each centre make a poor one. [the lower bound that FAISS warns at] */
    private static final int LEAST_ROWS_OF_LIST = 39;

    /** pgvector's documentation: lists = rows / 1000 up to a million rows, their square root above. */
    private static final long ROWS_OF_LIST = 1000;

    private static final long MANY_ROWS = 1_000_000;

    /** pgvector's limits. */
    private static final int MOST_CANDIDATES = 1000;

    /**
     * @param dimensions of each of the collection's vectors
     * @throws LakeException (usage) where pgvector has no index over as many
     */
    static PublicationPlan of(CollectionConfig collection, int dimensions, long rows) {
        if (dimensions > VectorLayout.MOST_DIMENSIONS) {
            throw LakeException.usage(
                    "collection " + collection.name() + " cannot be published to PostgreSQL",
                    "its vectors have " + dimensions + " dimensions, and pgvector's indexes take "
                            + VectorLayout.MOST_DIMENSIONS + " at most",
                    "search it by the lake's own index, `lake vectors search`, or give it a model of fewer dimensions");
        }
        List<String> warnings = new ArrayList<>();
        VectorLayout layout =
                new VectorLayout(dimensions, collection.index().metric(), method(collection, rows, warnings));
        if (layout.half()) {
            warnings.add(
                    "vectors of " + dimensions + " dimensions are rounded to half precision there: pgvector indexes "
                            + VectorLayout.MOST_SINGLE_DIMENSIONS + " of single precision at most");
        }
        return new PublicationPlan(layout, List.copyOf(warnings));
    }

    private static Method method(CollectionConfig collection, long rows, List<String> warnings) {
        return switch (collection.index().type()) {
            case HNSW -> graph(collection.index().hnsw(), warnings);
            case IVF -> lists(collection.index().ivf(), rows, warnings);
            case FLAT -> new Flat();
        };
    }

    private static Hnsw graph(IndexSettings.Hnsw wanted, List<String> warnings) {
        if (wanted.ef() > MOST_CANDIDATES) {
            warnings.add("ef is " + wanted.ef() + ", and pgvector searches with " + MOST_CANDIDATES + " at most");
        }
        return new Hnsw(
                wanted.m(), Math.max(wanted.efConstruction(), 2 * wanted.m()), Math.min(wanted.ef(), MOST_CANDIDATES));
    }

    private static IvfFlat lists(IndexSettings.Ivf wanted, long rows, List<String> warnings) {
        int lists = (int) Math.max(1, Math.min(wanted.lists(), rows / LEAST_ROWS_OF_LIST));
        long advised = Math.max(1, rows <= MANY_ROWS ? rows / ROWS_OF_LIST : (long) Math.sqrt(rows));
        if (lists > advised) {
            warnings.add("%,d rows are few for %,d lists: pgvector's advice is %,d".formatted(rows, lists, advised)
                    + (lists < wanted.lists() ? ", and %,d are configured".formatted(wanted.lists()) : ""));
        }
        return new IvfFlat(lists, Math.min(wanted.probes(), lists));
    }
}
