package io.datapunk.vectors.index;

import io.datapunk.lake.config.IndexSettings;
import io.datapunk.vectors.distance.Matrix;
import java.io.IOException;
import java.nio.file.Path;

/** A kind of index. What is built by one is opened by {@link #open}, whichever it was. */
public interface ShardFormat {
    /** The kind that a collection asks for. */
    static ShardFormat of(IndexSettings settings) {
        return switch (settings.type()) {
            case HNSW -> new GraphFormat(settings.hnsw(), settings.quantization());
            case IVF -> new ListsFormat(settings.ivf().lists());
            case FLAT -> new FlatFormat();
        };
    }

    /**
     * Writes the index of these vectors; their rows are the ordinals that searches find.
     *
     * @param folder is made where it does not exist, and has to be empty
     * @param threads to build with, no more and no fewer
     * @throws InterruptedException if the calling thread was interrupted; then the folder is incomplete and cannot be opened
     */
    void build(Matrix vectors, Path folder, int threads) throws IOException, InterruptedException;

    /**
     * Opens what was built.
     *
     * @throws IOException that names the file, where one is missing, was cut off or is none of an index
     */
    static ShardIndex open(Path folder) throws IOException {
        ShardHeader header = ShardHeader.read(folder);
        MappedVectors vectors = MappedVectors.open(
                folder.resolve(MappedVectors.FILE), header.metric(), header.dimensions(), header.rows());
        // Where there was nothing to lead to, there is no structure whatever the type.
        Structure structure = header.has(Graph.FILE)
                ? Graph.open(folder, header, vectors)
                : header.has(Lists.FILE) ? Lists.read(folder.resolve(Lists.FILE), header) : new NoStructure();
        return new MappedShard(vectors, structure);
    }
}
