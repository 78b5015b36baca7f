package io.datapunk.vectors.shard;

import io.datapunk.lake.config.IndexSettings;
import io.datapunk.lake.index.IndexShard;
import io.datapunk.lake.index.IndexStore;
import io.datapunk.vectors.distance.Neighbours;
import io.datapunk.vectors.distance.Rows;
import io.datapunk.vectors.index.ShardFormat;
import io.datapunk.vectors.index.ShardIndex;
import io.datapunk.vectors.index.ShardSearcher;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Random;
import java.util.function.ObjIntConsumer;
import java.util.stream.IntStream;
import org.roaringbitmap.RoaringBitmap;

/** A shard that is searched, by several threads with a {@link Searcher} each. */
public final class OpenShard implements Closeable {
    private final IndexShard shard;
    private final ShardIndex index;
    private final RowReader rows;
    private final BitSet masked;
    private final int effort;

    private OpenShard(IndexShard shard, ShardIndex index, RowReader rows, BitSet masked, int effort) {
        this.shard = shard;
        this.index = index;
        this.rows = rows;
        this.masked = masked;
        this.effort = effort;
    }

    /** @throws IOException where files of it are missing or damaged so that it cannot be opened */
    public static OpenShard open(IndexStore store, IndexShard shard, IndexSettings settings) throws IOException {
        Path folder = store.open(shard);
        BitSet masked = bits(store.mask(shard));
        RowReader rows = RowReader.open(folder.resolve(ShardBuilder.ROWS));
        try {
            return new OpenShard(
                    shard, ShardFormat.open(folder.resolve(ShardBuilder.INDEX)), rows, masked, settings.effort());
        } catch (IOException | RuntimeException e) {
            rows.close();
            throw e;
        }
    }

    private static BitSet bits(RoaringBitmap ordinals) {
        BitSet bits = new BitSet();
        ordinals.forEach((int ordinal) -> bits.set(ordinal));
        return bits;
    }

    public IndexShard shard() {
        return shard;
    }

    public IndexedRow row(int ordinal) throws IOException {
        return rows.row(ordinal);
    }

    public RowKey key(int ordinal) throws IOException {
        return rows.key(ordinal);
    }

    /** Copied for the caller. */
    public float[] vector(int ordinal) {
        return index.vector(ordinal);
    }

    /** Hands over the keys of the rows that are not masked, with their ordinals. */
    public void forEachKey(ObjIntConsumer<RowKey> keys) throws IOException {
        rows.forEachKey((key, ordinal) -> {
            if (!masked.get(ordinal)) {
                keys.accept(key, ordinal);
            }
        });
    }

    /** Rows with some of the words, the best first, with BM25's scores. */
    public Neighbours withTerms(String words, RowFilter filter, int most) throws IOException {
        return rows.withTerms(words, filter, most, masked);
    }

    /** The k nearest rows of each query by comparison with all rows that are not masked. */
    public Neighbours[] nearest(Rows queries, int k) throws IOException {
        return index.nearest(queries, k, accepted(RowFilter.NONE));
    }

    /** Ordinals of some rows that are not masked. */
    public IntStream sample(double share, long seed) {
        Random random = new Random(seed);
        return IntStream.range(0, index.size()).filter(row -> random.nextDouble() < share && !masked.get(row));
    }

    public Searcher searcher(RowFilter filter) throws IOException {
        return new Searcher(index.searcher(), accepted(filter), effort);
    }

    /** Null: all rows. */
    private BitSet accepted(RowFilter filter) throws IOException {
        if (filter.isEmpty() && masked.isEmpty()) {
            return null;
        }
        BitSet accepted;
        if (filter.isEmpty()) {
            accepted = new BitSet(rows.size());
            accepted.set(0, rows.size());
        } else {
            accepted = rows.matching(filter);
        }
        accepted.andNot(masked);
        return accepted;
    }

    @Override
    public void close() throws IOException {
        try (ShardIndex closed = index) {
            rows.close();
        }
    }

    /** Searches of one thread with one filter. */
    public static final class Searcher {
        private final ShardSearcher searcher;
        private final BitSet accepted;
        private final int effort;

        private Searcher(ShardSearcher searcher, BitSet accepted, int effort) {
            this.searcher = searcher;
            this.accepted = accepted;
            this.effort = effort;
        }

        /** The nearest rows, with exact scores. */
        public Neighbours nearest(float[] query, int most) {
            return searcher.search(query, most, effort, accepted);
        }
    }
}
