package io.datapunk.vectors.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datapunk.lake.config.VectorMetric;
import io.datapunk.vectors.RandomVectors;
import io.datapunk.vectors.distance.Matrix;
import io.datapunk.vectors.distance.Neighbours;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for an index of any type. */
abstract class ShardFormatContract {
    private static final int ROWS = 3000;
    private static final int DIMENSIONS = 20;

    @TempDir
    Path folder;

    abstract ShardFormat format();

    /** With which almost everything is found. */
    abstract int effort();

    /** Of the files beside the vectors. */
    abstract List<String> files();

    @ParameterizedTest
    @EnumSource
    void almostAllTrueNeighboursAreFoundWithTheirTrueScores(VectorMetric metric) throws Exception {
        RandomVectors random = new RandomVectors(1, DIMENSIONS, 30);
        Matrix vectors = random.matrix(metric, ROWS);
        Matrix queries = random.matrix(metric, 100);

        try (ShardIndex index = build(vectors)) {
            Recall recall = new Recall(vectors, queries, 10, null);

            assertThat(recall.of(index, effort())).isGreaterThan(0.95);
            recall.assertScoresOf(index, effort());
            assertThat(index.metric()).isEqualTo(metric);
            assertThat(index.size()).isEqualTo(ROWS);
            assertThat(index.dimensions()).isEqualTo(DIMENSIONS);
        }
    }

    @ParameterizedTest
    @EnumSource
    void filtersApplyInTheSearch(VectorMetric metric) throws Exception {
        RandomVectors random = new RandomVectors(2, DIMENSIONS, 30);
        Matrix vectors = random.matrix(metric, ROWS);
        Matrix queries = random.matrix(metric, 50);

        try (ShardIndex index = build(vectors)) {
            for (int every : new int[] {1, 2, 10, 500}) {
                BitSet accepted = new BitSet();
                IntStream.range(0, ROWS / every).forEach(i -> accepted.set(i * every));

                assertThat(new Recall(vectors, queries, 10, accepted).of(index, effort()))
                        .as("of every %d th row", every)
                        .isGreaterThan(0.95);
            }
            assertThat(index.searcher().search(vectors.vector(0), 10, effort(), new BitSet()))
                    .isEqualTo(new Neighbours(new int[0], new float[0]));
        }
    }

    @Test
    void vectorsComeBackAsTheyWentIn() throws Exception {
        Matrix vectors = new RandomVectors(3, 7, 5).matrix(VectorMetric.COSINE, 500);

        try (ShardIndex index = build(vectors)) {
            for (int row = 0; row < vectors.size(); row++) {
                assertThat(index.vector(row)).containsExactly(vectors.vector(row));
            }
        }
    }

    @Test
    void asManyAreFoundAsThereAre() throws Exception {
        Matrix vectors = new RandomVectors(4, 7, 5).matrix(VectorMetric.EUCLIDEAN, 300);

        try (ShardIndex index = build(vectors)) {
            Neighbours found = index.searcher().search(vectors.vector(17), 1000, 1, null);

            assertThat(found.ordinals()).hasSize(300).doesNotHaveDuplicates().startsWith(17);
            assertThat(found.scores()[0]).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsFoundWhereThereIsNothing(VectorMetric metric) throws Exception {
        try (ShardIndex index = build(new Matrix(metric, 3))) {
            assertThat(index.size()).isZero();
            assertThat(index.searcher()
                            .search(new float[] {1, 2, 3}, 10, effort(), null)
                            .size())
                    .isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void oneRowIsFound(VectorMetric metric) throws Exception {
        Matrix vectors = new Matrix(metric, 3);
        vectors.add(new float[] {0, 1, 0});

        try (ShardIndex index = build(vectors)) {
            assertThat(index.searcher()
                            .search(new float[] {0, 1, 0}, 10, effort(), null)
                            .ordinals())
                    .containsExactly(0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void rowsThatAreTheSameAreAllFound(VectorMetric metric) throws Exception {
        RandomVectors random = new RandomVectors(5, 16, 5);
        float[] same = random.next();
        Matrix vectors = new Matrix(metric, 16);
        for (int row = 0; row < ROWS; row++) {
            vectors.add(row % 3 == 0 ? random.next() : same);
        }

        try (ShardIndex index = build(vectors)) {
            for (int k : new int[] {10, 2000, 3000}) {
                int[] found = index.searcher().search(same, k, effort(), null).ordinals();
                assertThat(found).hasSize(k).doesNotHaveDuplicates();
                if (metric != VectorMetric.DOT) { // whose longest vectors are nearer to a vector than it is to itself
                    assertThat(IntStream.of(found).limit(2000)).allMatch(row -> row % 3 != 0);
                }
            }
        }
    }

    @Test
    void productsOfVectorsOfAllLengthsAndSignsHaveTheirOrder() throws Exception {
        RandomVectors random = new RandomVectors(6, 12, 20);
        Matrix vectors = new Matrix(VectorMetric.DOT, 12);
        for (int row = 0; row < ROWS; row++) {
            float[] vector = random.next();
            for (int d = 0; d < vector.length; d++) {
                vector[d] *= row % 100 - 20;
            }
            vectors.add(vector);
        }
        Matrix queries = random.matrix(VectorMetric.DOT, 50);
        BitSet opposite = new BitSet();
        IntStream.range(0, ROWS).filter(row -> row % 100 < 20).forEach(opposite::set);

        try (ShardIndex index = build(vectors)) {
            assertThat(new Recall(vectors, queries, 10, null).of(index, effort()))
                    .isGreaterThan(0.95);
            assertThat(new Recall(vectors, queries, 10, opposite).of(index, effort()))
                    .isGreaterThan(0.95);
        }
    }

    @ParameterizedTest
    @MethodSource
    void distancesOfAnySizeHaveTheirOrder(float scale) throws Exception {
        RandomVectors random = new RandomVectors(7, 12, 20);
        Matrix vectors = new Matrix(VectorMetric.EUCLIDEAN, 12);
        Matrix queries = new Matrix(VectorMetric.EUCLIDEAN, 12);
        for (int row = 0; row < ROWS + 50; row++) {
            float[] vector = random.next();
            for (int d = 0; d < vector.length; d++) {
                vector[d] *= scale;
            }
            (row < ROWS ? vectors : queries).add(vector);
        }

        try (ShardIndex index = build(vectors)) {
            assertThat(new Recall(vectors, queries, 10, null).of(index, effort()))
                    .isGreaterThan(0.95);
        }
    }

    static Stream<Float> distancesOfAnySizeHaveTheirOrder() {
        return Stream.of(1e-6f, 1f, 1e6f);
    }

    @Test
    void threadsSearchSideBySide() throws Exception {
        RandomVectors random = new RandomVectors(8, DIMENSIONS, 30);
        Matrix vectors = random.matrix(VectorMetric.COSINE, ROWS);

        try (ShardIndex index = build(vectors)) {
            List<Neighbours> alone = searchAll(index, IntStream.range(0, 200));
            assertThat(searchAll(index, IntStream.range(0, 200).parallel())).isEqualTo(alone);
        }
    }

    private List<Neighbours> searchAll(ShardIndex index, IntStream rows) {
        return rows.mapToObj(row -> index.searcher().search(index.vector(row), 5, effort(), null))
                .toList();
    }

    @Test
    void aQueryThatCannotBeComparedIsRefused() throws Exception {
        try (ShardIndex index = build(new RandomVectors(9, 4, 2).matrix(VectorMetric.COSINE, 10))) {
            ShardSearcher searcher = index.searcher();

            assertThatThrownBy(() -> searcher.search(new float[4], 1, effort(), null))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("no direction");
            assertThatThrownBy(() -> searcher.search(new float[] {1, 2}, 1, effort(), null))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("A vector of 2 dimensions cannot be compared with ones of 4");
        }
    }

    @Test
    void aFileThatWasCutOffIsNamed() throws Exception {
        build(new RandomVectors(10, DIMENSIONS, 5).matrix(VectorMetric.COSINE, 600))
                .close();
        List<String> files = Stream.concat(Stream.of("shard.json", "vectors"), files().stream())
                .toList();
        try (Stream<Path> written = Files.list(shard())) {
            assertThat(written.map(file -> file.getFileName().toString())).containsExactlyInAnyOrderElementsOf(files);
        }

        for (String name : files) {
            Path file = shard().resolve(name);
            byte[] whole = Files.readAllBytes(file);

            Files.write(file, Arrays.copyOf(whole, whole.length / 2));
            assertThatThrownBy(this::open).isInstanceOf(IOException.class).hasMessageContaining(file.toString());
            Files.delete(file);
            assertThatThrownBy(this::open).isInstanceOf(IOException.class).hasMessageContaining(file.toString());

            Files.write(file, whole);
            open().close();
        }
    }

    @Test
    void aFileOfSomethingElseIsNamed() throws Exception {
        build(new RandomVectors(10, DIMENSIONS, 5).matrix(VectorMetric.COSINE, 600))
                .close();

        for (String name : files()) {
            Path file = shard().resolve(name);
            byte[] right = Files.readAllBytes(file);
            Files.write(file, new byte[right.length]);
            assertThatThrownBy(this::open).isInstanceOf(IOException.class).hasMessageContaining(file.toString());
            Files.write(file, right);
        }
        Path header = shard().resolve("shard.json");
        Files.writeString(header, "{\"format\": 2}");
        assertThatThrownBy(this::open).isInstanceOf(IOException.class).hasMessageContaining(header + " is of format 2");
        Files.writeString(header, "PAR1");
        assertThatThrownBy(this::open).isInstanceOf(IOException.class).hasMessageContaining(header.toString());
    }

    @Test
    void aFolderThatIsNotEmptyIsLeftAlone() throws Exception {
        Matrix vectors = new RandomVectors(11, 4, 2).matrix(VectorMetric.COSINE, 10);
        build(vectors).close();

        assertThatThrownBy(() -> build(vectors)).isInstanceOf(IOException.class);
        open().close();
    }

    private ShardIndex build(Matrix vectors) throws IOException, InterruptedException {
        format().build(vectors, shard(), 2);
        return open();
    }

    private ShardIndex open() throws IOException {
        return ShardFormat.open(shard());
    }

    private Path shard() {
        return folder.resolve("shard");
    }
}
