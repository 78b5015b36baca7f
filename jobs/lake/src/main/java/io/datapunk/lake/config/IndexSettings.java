package io.datapunk.lake.config;

import java.io.Serializable;
import java.util.Locale;

/** How a collection's shards are built and searched. */
public record IndexSettings(VectorMetric metric, IndexType type, Hnsw hnsw, Ivf ivf, Quantization quantization)
        implements Serializable {
    /** How a shard is searched. */
    public enum IndexType {
        /** A graph of neighbours. */
        HNSW,
        /** Lists of what is near one of many centres. */
        IVF,
        /** Everything is compared. */
        FLAT
    }

    /** What a graph keeps in memory instead of whole vectors. Hits are compared with the whole ones always. */
    public enum Quantization {
        NONE,
        /** Product quantisation: a byte for each eight dimensions. */
        PQ
    }

    /**
     * @param m links of a node
     * @param efConstruction candidates that are looked at when a node is linked
     * @param ef candidates that are looked at in a search
     */
    public record Hnsw(int m, int efConstruction, int ef) implements Serializable {
        private static Hnsw read(ConfigReader reader) {
            return new Hnsw(
                    reader.integer("m", 2, 100),
                    reader.integer("ef-construction", 4, 1000),
                    reader.integer("ef", 1, 10_000));
        }
    }

    /**
     * @param lists of a shard, where it has rows enough
     * @param probes lists that are looked at in a search
     */
    public record Ivf(int lists, int probes) implements Serializable {
        private static Ivf read(ConfigReader reader) {
            return new Ivf(reader.integer("lists", 1, 32_768), reader.integer("probes", 1, 32_768));
        }
    }

    static IndexSettings read(ConfigReader reader) {
        return new IndexSettings(
                VectorMetric.valueOf(upper(reader.choice("metric", "cosine", "euclidean", "dot"))),
                IndexType.valueOf(upper(reader.choice("index", "hnsw", "ivf", "flat"))),
                Hnsw.read(reader.at("hnsw")),
                Ivf.read(reader.at("ivf")),
                Quantization.valueOf(upper(reader.choice("quantization", "none", "pq"))));
    }

    private static String upper(String choice) {
        return choice.toUpperCase(Locale.ROOT);
    }

    /** How much a search looks at: of a graph the candidates, of lists how many of them. */
    public int effort() {
        return type == IndexType.IVF ? ivf.probes() : hnsw.ef();
    }
}
