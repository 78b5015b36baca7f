package io.datapunk.vectors.index;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.lake.config.IndexSettings.Hnsw;
import io.datapunk.lake.config.IndexSettings.Quantization;
import io.datapunk.lake.config.VectorMetric;
import io.datapunk.vectors.RandomVectors;
import io.datapunk.vectors.distance.Matrix;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.lucene912.Lucene912Codec;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsFormat;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.store.Directory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Lucene's HNSW, which somebody else wrote, finds no more. */
class LuceneComparisonTest {
    private static final int LINKS = 16;
    private static final int EF_CONSTRUCTION = 100;
    private static final int EF = 60;
    private static final int K = 10;

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    void graphFindsAsManyTrueNeighboursAsThatOfLucene(VectorMetric metric) throws Exception {
        RandomVectors random = new RandomVectors(20, 32, 40);
        Matrix vectors = random.matrix(metric, 3000);
        Matrix queries = random.matrix(metric, 200);
        Recall recall = new Recall(vectors, queries, K, null);
        Path shard = folder.resolve("shard");
        new GraphFormat(new Hnsw(LINKS, EF_CONSTRUCTION, EF), Quantization.NONE).build(vectors, shard, 2);

        try (ShardIndex index = ShardFormat.open(shard);
                Directory directory = lucene(vectors);
                DirectoryReader reader = DirectoryReader.open(directory)) {
            LeafReader leaf = reader.leaves().get(0).reader();
            double theirs = recall.of(query -> search(leaf, queries.vector(query)));
            double ours = recall.of(index, EF);

            assertThat(ours).isGreaterThanOrEqualTo(0.95).isGreaterThanOrEqualTo(theirs - 0.02);
        }
    }

    private static Directory lucene(Matrix vectors) throws IOException {
        VectorSimilarityFunction similarity =
                switch (vectors.metric()) {
                    case COSINE -> VectorSimilarityFunction.DOT_PRODUCT;
                    case DOT -> VectorSimilarityFunction.MAXIMUM_INNER_PRODUCT;
                    case EUCLIDEAN -> VectorSimilarityFunction.EUCLIDEAN;
                };
        Directory directory = new ByteBuffersDirectory();
        IndexWriterConfig config = new IndexWriterConfig()
                .setRAMBufferSizeMB(1000)
                .setCodec(new Lucene912Codec() {
                    @Override
                    public KnnVectorsFormat getKnnVectorsFormatForField(String field) {
                        return new Lucene99HnswVectorsFormat(LINKS, EF_CONSTRUCTION);
                    }
                });
        try (IndexWriter writer = new IndexWriter(directory, config)) {
            for (int row = 0; row < vectors.size(); row++) {
                Document document = new Document();
                document.add(new KnnFloatVectorField("vector", vectors.vector(row), similarity));
                writer.addDocument(document);
            }
        }
        return directory;
    }

    private static int[] search(LeafReader leaf, float[] query) {
        try {
            TopDocs found = leaf.searchNearestVectors("vector", query, EF, null, Integer.MAX_VALUE);
            return Stream.of(found.scoreDocs).limit(K).mapToInt(hit -> hit.doc).toArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
