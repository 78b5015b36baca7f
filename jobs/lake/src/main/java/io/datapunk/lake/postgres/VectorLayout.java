package io.datapunk.lake.postgres;

import io.datapunk.lake.config.VectorMetric;
import java.util.Locale;

/**
 * How a collection's vectors are kept and found in PostgreSQL.
 *
 * @param dimensions of each vector
 */
public record VectorLayout(int dimensions, VectorMetric metric, Method method) {
    /** Most dimensions of an index over numbers of single precision. [pgvector's documentation] */
    public static final int MOST_SINGLE_DIMENSIONS = 2000;

    /** Most dimensions of an index over numbers of half precision. [pgvector's documentation] */
    public static final int MOST_DIMENSIONS = 4000;

    public VectorLayout {
        if (dimensions < 1 || dimensions > MOST_DIMENSIONS) {
            throw new IllegalArgumentException("pgvector has no index over " + dimensions + " dimensions");
        }
    }

    /** How near vectors are found. */
    public sealed interface Method {}

    /**
     * A graph of neighbours.
     *
     * @param m links of a node, 2 to 100
     * @param efConstruction candidates when a node is linked, at least twice {@code m}, 1000 at most
     * @param efSearch candidates in a search, 1000 at most
     */
    public record Hnsw(int m, int efConstruction, int efSearch) implements Method {}

    /**
     * Lists of what is near one of many centres.
     *
     * @param lists 32,768 at most
     * @param probes lists that are looked at in a search
     */
    public record IvfFlat(int lists, int probes) implements Method {}

    /** No index: everything is compared. */
    public record Flat() implements Method {}

    /** Whether vectors are kept in half precision, {@code halfvec}: single precision has no index over so many dimensions. */
    public boolean half() {
        return dimensions > MOST_SINGLE_DIMENSIONS;
    }

    /** Memory of one vector. */
    int bytes() {
        return dimensions * (half() ? 2 : 4);
    }

    String type() {
        return half() ? "halfvec" : "vector";
    }

    /** The operator whose result rises with the distance. */
    String operator() {
        return switch (metric) {
            case COSINE -> "<=>";
            case EUCLIDEAN -> "<->";
            case DOT -> "<#>";
        };
    }

    String operatorClass() {
        return type()
                + switch (metric) {
                    case COSINE -> "_cosine_ops";
                    case EUCLIDEAN -> "_l2_ops";
                    case DOT -> "_ip_ops";
                };
    }

    /** The setting that a search has to make to look as far as the configuration says; empty where there is none. */
    public String searchSetting() {
        if (method instanceof Hnsw hnsw) {
            return "hnsw.ef_search = " + hnsw.efSearch();
        }
        return method instanceof IvfFlat ivf ? "ivfflat.probes = " + ivf.probes() : "";
    }

    /** What a table is made of. How far searches look is no part of it. */
    @Override
    public String toString() {
        String index;
        if (method instanceof Hnsw hnsw) {
            index = "hnsw m=" + hnsw.m() + " ef_construction=" + hnsw.efConstruction();
        } else if (method instanceof IvfFlat ivf) {
            index = "ivfflat lists=" + ivf.lists();
        } else {
            index = "no index";
        }
        return type() + "(" + dimensions + "), " + metric.name().toLowerCase(Locale.ROOT) + ", " + index;
    }
}
