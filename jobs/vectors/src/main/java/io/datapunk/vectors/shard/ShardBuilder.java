package io.datapunk.vectors.shard;

import io.datapunk.lake.config.IndexSettings;
import io.datapunk.lake.index.IndexStore;
import io.datapunk.vectors.distance.Matrix;
import io.datapunk.vectors.index.ShardFormat;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

/** Writes a shard into a folder of this machine. Its vectors are in memory until it is finished; the rows are not. */
public final class ShardBuilder implements Closeable {
    static final String INDEX = "index";
    static final String ROWS = "rows";

    private final IndexSettings settings;
    private final Path folder;
    private final Matrix vectors;
    private final RowWriter rows;
    private final Set<String> users = new TreeSet<>();

    /** @param folder that is empty or not there */
    public ShardBuilder(IndexSettings settings, int dimensions, Path folder) throws IOException {
        this.settings = settings;
        this.folder = folder;
        this.vectors = new Matrix(settings.metric(), dimensions);
        this.rows = new RowWriter(Files.createDirectories(folder.resolve(ROWS)));
    }

    /** Adds a row, whose ordinal is the number of those before it. */
    public void add(IndexedRow row, float[] vector) throws IOException {
        vectors.add(vector);
        rows.add(row);
        row.userId().ifPresent(users::add);
    }

    /**
     * Builds the index.
     *
     * @param threads that it may use
     * @return how many rows it has
     */
    public int finish(int threads) throws IOException, InterruptedException {
        rows.finish();
        ShardFormat.of(settings).build(vectors, Files.createDirectories(folder.resolve(INDEX)), threads);
        Files.write(folder.resolve(IndexStore.USERS), users);
        return vectors.size();
    }

    @Override
    public void close() throws IOException {
        rows.close();
    }
}
