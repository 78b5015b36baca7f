package io.datapunk.vectors.shard;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LogByteSizeMergePolicy;
import org.apache.lucene.index.SerialMergeScheduler;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.NoLockFactory;

/** Writes the rows of a shard; the first is ordinal 0. */
final class RowWriter implements Closeable {
    private static final int BUFFER_MB = 32;

    private final Directory directory;
    private final IndexWriter writer;

    RowWriter(Path folder) throws IOException {
        LuceneLog.silence();
        // A lock's file would be one of the shard's.
        directory = FSDirectory.open(folder, NoLockFactory.INSTANCE);
        // Neighbours are merged, so that a row's number stays its ordinal.
        LogByteSizeMergePolicy merging = new LogByteSizeMergePolicy();
        merging.setNoCFSRatio(1);
        writer = new IndexWriter(
                directory,
                new IndexWriterConfig(RowFields.analyzer())
                        .setRAMBufferSizeMB(BUFFER_MB)
                        .setMergePolicy(merging)
                        .setMergeScheduler(new SerialMergeScheduler()));
    }

    void add(IndexedRow row) throws IOException {
        writer.addDocument(RowFields.document(row));
    }

    /** On the disk, whole, when it returns. */
    void finish() throws IOException {
        writer.forceMerge(1);
        writer.close();
    }

    @Override
    public void close() throws IOException {
        writer.close();
        directory.close();
    }
}
