package io.datapunk.vectors.index;

import io.datapunk.lake.config.VectorMetric;
import io.datapunk.vectors.distance.Kernel;
import io.github.jbellis.jvector.disk.ByteBufferReader;
import io.github.jbellis.jvector.graph.GraphSearcher;
import io.github.jbellis.jvector.graph.ImmutableGraphIndex;
import io.github.jbellis.jvector.graph.SearchResult;
import io.github.jbellis.jvector.graph.disk.OnDiskGraphIndex;
import io.github.jbellis.jvector.graph.disk.OnDiskGraphIndexWriter;
import io.github.jbellis.jvector.graph.disk.OrdinalMapper;
import io.github.jbellis.jvector.graph.disk.feature.Feature;
import io.github.jbellis.jvector.graph.disk.feature.FeatureId;
import io.github.jbellis.jvector.graph.disk.feature.InlineVectors;
import io.github.jbellis.jvector.graph.similarity.DefaultSearchScoreProvider;
import io.github.jbellis.jvector.graph.similarity.ScoreFunction.ExactScoreFunction;
import io.github.jbellis.jvector.util.Bits;
import io.github.jbellis.jvector.vector.VectorizationProvider;
import io.github.jbellis.jvector.vector.types.VectorFloat;
import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Optional;
import java.util.function.IntConsumer;

/**
 * The links of rows, mapped into memory. JVector's format with vectors of no dimension: the vectors lie beside it, where scans
 * can read them, too, and where our kernels find them in the processor's byte order.
 */
final class Graph implements Structure {
    static final String FILE = "graph";

    private final OnDiskGraphIndex graph;
    private final MappedVectors vectors;
    private final Optional<Codes> codes;
    private final int links;
    private final double longest;

    private Graph(OnDiskGraphIndex graph, MappedVectors vectors, Optional<Codes> codes, ShardHeader header) {
        this.graph = graph;
        this.vectors = vectors;
        this.codes = codes;
        this.links = header.links();
        this.longest = header.longest();
    }

    static void write(ImmutableGraphIndex graph, int rows, Path file) throws IOException {
        VectorFloat<?> nothing =
                VectorizationProvider.getInstance().getVectorTypeSupport().createFloatVector(0);
        Feature.State state = new InlineVectors.State(nothing);
        try (OnDiskGraphIndexWriter writer = new OnDiskGraphIndexWriter.Builder(graph, file)
                .with(new InlineVectors(0))
                .withMapper(new OrdinalMapper.IdentityMapper(rows - 1))
                .build()) {
            writer.write(Feature.singleStateFactory(FeatureId.INLINE_VECTORS, row -> state));
        }
    }

    static Graph open(Path folder, ShardHeader header, MappedVectors vectors) throws IOException {
        Jvector.silence();
        Path file = folder.resolve(FILE);
        OnDiskGraphIndex graph;
        try (FileChannel channel = FileChannel.open(file)) {
            MappedByteBuffer bytes = channel.map(MapMode.READ_ONLY, 0, channel.size());
            graph = OnDiskGraphIndex.load(() -> new ByteBufferReader(bytes.duplicate()));
        } catch (RuntimeException e) {
            throw new IOException(file + " is no graph, or was cut off", e);
        }
        if (graph.size(0) != header.rows()) {
            throw new IOException(file + " has " + graph.size(0) + " nodes for " + header.rows() + " rows");
        }
        Optional<Codes> codes =
                header.has(Codes.FILE) ? Optional.of(Codes.open(folder.resolve(Codes.FILE), header)) : Optional.empty();
        return new Graph(graph, vectors, codes, header);
    }

    /**
     * Of the nodes that a search comes to, one in rows / accepted counts: it goes on to about effort · rows / accepted of them, and
     * compares about half the links of each, as the other nodes were seen before. A node has twice M links. So the graph compares
     * more than the accepted rows if accepted² is less than M · effort · rows.
     */
    @Override
    public int comparedAtOnce(int k, int effort) {
        return (int) Math.min(Integer.MAX_VALUE, Math.sqrt((double) links * Math.max(k, effort) * vectors.size()));
    }

    @Override
    public CandidateSearch candidates() {
        return new Search();
    }

    private final class Search implements CandidateSearch {
        private final GraphSearcher searcher = new GraphSearcher(graph);
        private final Kernel kernel = Kernel.of(vectors.metric());
        private final float[] vector = new float[vectors.stride()];

        @Override
        public void find(float[] query, int k, int effort, BitSet accepted, IntConsumer found) {
            float[] scaled = scaled(query);
            int wanted = Math.min(k, vectors.size());
            int candidates = Math.max(wanted, Math.min(effort, vectors.size()));
            SearchResult result = searcher.search(
                    new DefaultSearchScoreProvider(
                            codes.isPresent() ? codes.get().scores(scaled) : exact(scaled)),
                    codes.isPresent() ? candidates : wanted,
                    candidates,
                    0,
                    0,
                    accepted == null ? Bits.ALL : accepted::get);
            for (SearchResult.NodeScore node : result.getNodes()) {
                found.accept(node.node);
            }
        }

        /** For dot products so short that they lie between −1 and 1, as cosines do; which is nearest does not change. */
        private float[] scaled(float[] query) {
            if (vectors.metric() != VectorMetric.DOT) {
                return query;
            }
            double most = longest * Math.sqrt(kernel.nearness(query, 0, query, 0, query.length));
            float[] scaled = new float[query.length];
            for (int d = 0; most > 0 && d < query.length; d++) {
                scaled[d] = (float) (query[d] / most);
            }
            return scaled;
        }

        /** JVector leaves out what scores below 0. */
        private ExactScoreFunction exact(float[] query) {
            return vectors.metric() == VectorMetric.EUCLIDEAN
                    ? row -> GraphDistances.score(-nearness(query, row))
                    : row -> Math.max(0, 1 + nearness(query, row));
        }

        private float nearness(float[] query, int row) {
            vectors.read(row, vector, 0);
            return kernel.nearness(query, 0, vector, 0, vector.length);
        }
    }
}
