package io.datapunk.vectors.shard;

import io.datapunk.vectors.distance.Neighbours;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.ObjIntConsumer;
import org.apache.lucene.index.BinaryDocValues;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.Scorer;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.Weight;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;

/** Reads the rows of a shard, by ordinal, by filter and by the words of their texts; from several threads. */
final class RowReader implements Closeable {
    private final Directory directory;
    private final DirectoryReader reader;
    private final IndexSearcher searcher;

    private RowReader(Directory directory, DirectoryReader reader) {
        this.directory = directory;
        this.reader = reader;
        this.searcher = new IndexSearcher(reader);
        // A filter is asked once.
        this.searcher.setQueryCache(null);
    }

    static RowReader open(Path folder) throws IOException {
        LuceneLog.silence();
        Directory directory = FSDirectory.open(folder);
        try {
            return new RowReader(directory, DirectoryReader.open(directory));
        } catch (IOException | RuntimeException e) {
            directory.close();
            throw e;
        }
    }

    int size() {
        return reader.maxDoc();
    }

    IndexedRow row(int ordinal) throws IOException {
        return RowFields.row(reader.storedFields().document(ordinal));
    }

    /** Without its text, which takes far longer to read. */
    RowKey key(int ordinal) throws IOException {
        BinaryDocValues values = leaf().reader().getBinaryDocValues(RowFields.KEY);
        values.advanceExact(ordinal);
        return RowFields.key(values.binaryValue());
    }

    /** Hands over the key of every row with its ordinal, in order. */
    void forEachKey(ObjIntConsumer<RowKey> keys) throws IOException {
        if (size() > 0) {
            BinaryDocValues values = leaf().reader().getBinaryDocValues(RowFields.KEY);
            for (int ordinal = values.nextDoc(); ordinal < size(); ordinal = values.nextDoc()) {
                keys.accept(RowFields.key(values.binaryValue()), ordinal);
            }
        }
    }

    /** The ordinals that meet a filter. */
    BitSet matching(RowFilter filter) throws IOException {
        BitSet found = new BitSet(size());
        if (size() == 0) {
            return found;
        }
        Query query = searcher.rewrite(RowFields.query(filter));
        Weight weight = searcher.createWeight(query, ScoreMode.COMPLETE_NO_SCORES, 1);
        Scorer scorer = weight.scorer(leaf());
        if (scorer != null) {
            DocIdSetIterator rows = scorer.iterator();
            for (int row = rows.nextDoc(); row != DocIdSetIterator.NO_MORE_DOCS; row = rows.nextDoc()) {
                found.set(row);
            }
        }
        return found;
    }

    /**
     * The rows that meet a filter and whose texts have some of the words, the best first, with BM25's scores.
     *
     * @param masked rows that are not found, in any number
     */
    Neighbours withTerms(String words, RowFilter filter, int most, BitSet masked) throws IOException {
        int asked = Math.min(size(), most + masked.cardinality());
        if (asked == 0) {
            return new Neighbours(new int[0], new float[0]);
        }
        Query query = new BooleanQuery.Builder()
                .add(RowFields.all(terms(words), Occur.SHOULD), Occur.MUST)
                .add(RowFields.query(filter), Occur.FILTER)
                .build();
        List<ScoreDoc> hits = Arrays.stream(searcher.search(query, asked).scoreDocs)
                .filter(hit -> !masked.get(hit.doc))
                .limit(most)
                .toList();
        float[] scores = new float[hits.size()];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = hits.get(i).score;
        }
        return new Neighbours(hits.stream().mapToInt(hit -> hit.doc).toArray(), scores);
    }

    private static List<Query> terms(String words) throws IOException {
        List<Query> queries = new ArrayList<>();
        try (TextTerms terms = new TextTerms()) {
            for (String term : terms.of(words)) {
                queries.add(new TermQuery(new Term(RowFields.TEXT, term)));
            }
        }
        return queries;
    }

    private LeafReaderContext leaf() {
        return reader.leaves().get(0);
    }

    @Override
    public void close() throws IOException {
        reader.close();
        directory.close();
    }
}
