import io.datapunk.lake.config.IndexSettings;
import io.datapunk.lake.config.IndexSettings.Hnsw;
import io.datapunk.lake.config.IndexSettings.IndexType;
import io.datapunk.lake.config.IndexSettings.Ivf;
import io.datapunk.lake.config.IndexSettings.Quantization;
import io.datapunk.lake.config.VectorMetric;
import io.datapunk.vectors.distance.ExactSearch;
import io.datapunk.vectors.distance.Kernel;
import io.datapunk.vectors.distance.Matrix;
import io.datapunk.vectors.distance.Neighbours;
import io.datapunk.vectors.index.ShardFormat;
import io.datapunk.vectors.index.ShardIndex;
import io.datapunk.vectors.index.ShardSearcher;
import io.github.jbellis.jvector.disk.ReaderSupplier;
import io.github.jbellis.jvector.disk.ReaderSupplierFactory;
import io.github.jbellis.jvector.graph.GraphIndexBuilder;
import io.github.jbellis.jvector.graph.GraphSearcher;
import io.github.jbellis.jvector.graph.ImmutableGraphIndex;
import io.github.jbellis.jvector.graph.ListRandomAccessVectorValues;
import io.github.jbellis.jvector.graph.RandomAccessVectorValues;
import io.github.jbellis.jvector.graph.SearchResult;
import io.github.jbellis.jvector.graph.disk.OnDiskGraphIndex;
import io.github.jbellis.jvector.graph.similarity.BuildScoreProvider;
import io.github.jbellis.jvector.graph.similarity.DefaultSearchScoreProvider;
import io.github.jbellis.jvector.util.Bits;
import io.github.jbellis.jvector.vector.VectorSimilarityFunction;
import io.github.jbellis.jvector.vector.VectorizationProvider;
import io.github.jbellis.jvector.vector.types.VectorFloat;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ForkJoinPool;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/**
 * How fast vectors are compared, indexed and searched. Prints seconds of CPU, which other work on the machine disturbs less than
 * wall time.
 *
 * <p>{@code distances} compares random ones. {@code graph BASE QUERIES METRIC THREADS} builds the graph of a collection's
 * defaults by JVector alone and as a shard, and searches both. The files are .fbin: the number of vectors, of dimensions, and
 * floats, little-endian.
 */
public final class Vectors {
    private static final int LINKS = 16;
    private static final int EF_CONSTRUCTION = 200;
    private static final int K = 10;
    private static final int[] EFFORTS = {10, 15, 20, 30, 40, 60, 80, 120, 160, 240, 320, 480, 640};
    private static final double[] RECALLS = {0.95, 0.99};

    private Vectors() {}

    public static void main(String[] arguments) throws Exception {
        if (arguments[0].equals("distances")) {
            for (int dimensions : new int[] {256, 768, 1536}) {
                distances(dimensions);
            }
        } else {
            graph(arguments);
        }
    }

    private static void distances(int dimensions) {
        Random random = new Random(1);
        Matrix rows = new Matrix(VectorMetric.DOT, dimensions);
        Matrix queries = new Matrix(VectorMetric.DOT, dimensions);
        for (int row = 0; row < 21_000; row++) {
            float[] vector = new float[dimensions];
            for (int d = 0; d < dimensions; d++) {
                vector[d] = (float) random.nextGaussian();
            }
            (row < 20_000 ? rows : queries).add(vector);
        }
        double best = 0;
        double seconds = 0;
        // What comes first is interpreted.
        for (int round = 0; round < 3 || seconds < 5; round++) {
            double before = cpuSeconds();
            ExactSearch.nearest(rows, queries, K);
            double took = cpuSeconds() - before;
            seconds += took;
            best = Math.max(best, (double) rows.size() * queries.size() / took / 1e6);
        }
        System.out.printf(
                "java %-3d %-6s %5d dimensions %7.1f M distances/s%n",
                Runtime.version().feature(), Kernel.accelerated() ? "vector" : "plain", dimensions, best);
    }

    private static void graph(String[] arguments) throws Exception {
        VectorMetric metric = VectorMetric.valueOf(arguments[3]);
        int threads = Integer.parseInt(arguments[4]);
        Matrix rows = read(Path.of(arguments[1]), metric);
        Matrix queries = read(Path.of(arguments[2]), metric);
        Neighbours[] nearest = ExactSearch.nearest(rows, queries, K);
        System.out.printf(
                "java %d: %d vectors of %d dimensions, %s, %d queries%n",
                Runtime.version().feature(), rows.size(), rows.dimensions(), metric, queries.size());

        Path folder = Files.createTempDirectory("vectors");
        double[] bare = bare(rows, queries, nearest, folder, threads);
        double[] ours = ours(rows, queries, nearest, folder, threads);
        System.out.printf("shard / JVector: build %.2f of the CPU time", ours[0] / bare[0]);
        for (int i = 0; i < RECALLS.length; i++) {
            System.out.printf(", %.2f of the searches a second at %.2f", ours[i + 1] / bare[i + 1], RECALLS[i]);
        }
        System.out.println();
    }

    private static double[] bare(Matrix rows, Matrix queries, Neighbours[] nearest, Path folder, int threads)
            throws IOException {
        VectorSimilarityFunction similarity = rows.metric() == VectorMetric.EUCLIDEAN
                ? VectorSimilarityFunction.EUCLIDEAN
                : VectorSimilarityFunction.DOT_PRODUCT;
        List<VectorFloat<?>> vectors = new ArrayList<>();
        for (int row = 0; row < rows.size(); row++) {
            vectors.add(vector(rows.vector(row)));
        }
        RandomAccessVectorValues values = new ListRandomAccessVectorValues(vectors, rows.dimensions());
        Path file = folder.resolve("jvector");
        ForkJoinPool pool = new ForkJoinPool(threads);
        double before = cpuSeconds();
        try (GraphIndexBuilder builder = new GraphIndexBuilder(
                BuildScoreProvider.randomAccessScoreProvider(values, similarity),
                rows.dimensions(),
                List.of(2 * LINKS, LINKS),
                EF_CONSTRUCTION,
                1.2f,
                1.2f,
                true,
                true,
                pool,
                pool)) {
            ImmutableGraphIndex graph = builder.build(values);
            OnDiskGraphIndex.write(graph, values, file);
        }
        double build = cpuSeconds() - before;
        pool.shutdown();
        print("JVector", build, Files.size(file));
        try (ReaderSupplier reader = ReaderSupplierFactory.open(file);
                OnDiskGraphIndex index = OnDiskGraphIndex.load(reader);
                GraphSearcher searcher = new GraphSearcher(index)) {
            OnDiskGraphIndex.View view = (OnDiskGraphIndex.View) searcher.getView();
            return searches("JVector", build, nearest, effort -> query -> {
                SearchResult result = searcher.search(
                        new DefaultSearchScoreProvider(view.rerankerFor(vector(queries.vector(query)), similarity)),
                        K,
                        effort,
                        0,
                        0,
                        Bits.ALL);
                return Stream.of(result.getNodes()).mapToInt(node -> node.node).toArray();
            });
        }
    }

    private static double[] ours(Matrix rows, Matrix queries, Neighbours[] nearest, Path folder, int threads)
            throws Exception {
        IndexSettings settings = new IndexSettings(
                rows.metric(),
                IndexType.HNSW,
                new Hnsw(LINKS, EF_CONSTRUCTION, 100),
                new Ivf(1000, 32),
                Quantization.valueOf(System.getProperty("quantization", "NONE")));
        Path shard = folder.resolve("shard");
        double before = cpuSeconds();
        ShardFormat.of(settings).build(rows, shard, threads);
        double build = cpuSeconds() - before;
        long bytes = 0;
        try (Stream<Path> files = Files.list(shard)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                bytes += Files.size(file);
            }
        }
        print("shard", build, bytes);
        try (ShardIndex index = ShardFormat.open(shard)) {
            ShardSearcher searcher = index.searcher();
            return searches(
                    "shard",
                    build,
                    nearest,
                    effort -> query -> searcher.search(queries.vector(query), K, effort, null).ordinals());
        }
    }

    /** The seconds of the build, then searches a second at each recall. */
    private static double[] searches(
            String name, double build, Neighbours[] nearest, IntFunction<IntFunction<int[]>> search) {
        double[] figures = new double[1 + RECALLS.length];
        figures[0] = build;
        int reached = 0;
        for (int effort : EFFORTS) {
            IntFunction<int[]> searched = search.apply(effort);
            double recall = recall(nearest, searched);
            while (reached < RECALLS.length && recall >= RECALLS[reached]) {
                rate(nearest, searched); // compiles
                double rate = rate(nearest, searched);
                System.out.printf("%-8s ef %3d: recall@10 %.4f, %6.0f searches/s%n", name, effort, recall, rate);
                figures[++reached] = rate;
            }
        }
        return figures;
    }

    private static double rate(Neighbours[] nearest, IntFunction<int[]> search) {
        double before = cpuSeconds();
        int searches = 0;
        do {
            recall(nearest, search);
            searches += nearest.length;
        } while (cpuSeconds() - before < 3);
        return searches / (cpuSeconds() - before);
    }

    private static double recall(Neighbours[] nearest, IntFunction<int[]> search) {
        int found = 0;
        for (int query = 0; query < nearest.length; query++) {
            int[] ordinals = search.apply(query);
            for (int row : nearest[query].ordinals()) {
                found += (int) Arrays.stream(ordinals).filter(ordinal -> ordinal == row).count();
            }
        }
        return (double) found / nearest.length / K;
    }

    private static void print(String name, double build, long bytes) {
        System.out.printf("%-8s build %.1f s of CPU, %.1f MB%n", name, build, bytes / 1e6);
    }

    private static VectorFloat<?> vector(float[] values) {
        return VectorizationProvider.getInstance().getVectorTypeSupport().createFloatVector(values);
    }

    private static Matrix read(Path file, VectorMetric metric) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        int rows = bytes.getInt();
        float[] vector = new float[bytes.getInt()];
        Matrix matrix = new Matrix(metric, vector.length);
        for (int row = 0; row < rows; row++) {
            bytes.asFloatBuffer().get(vector);
            bytes.position(bytes.position() + Float.BYTES * vector.length);
            matrix.add(vector);
        }
        return matrix;
    }

    private static double cpuSeconds() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime()
                / 1e9;
    }
}
