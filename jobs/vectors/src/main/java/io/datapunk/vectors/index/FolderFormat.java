package io.datapunk.vectors.index;

import io.datapunk.lake.config.IndexSettings.IndexType;
import io.datapunk.vectors.distance.Matrix;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What all have in common: the vectors, what leads to them, and the header last. */
abstract class FolderFormat implements ShardFormat {
    private final IndexType type;
    private final int links;

    /** @param links of a node in a graph; else 0 */
    FolderFormat(IndexType type, int links) {
        this.type = type;
        this.links = links;
    }

    @Override
    public final void build(Matrix vectors, Path folder, int threads) throws IOException, InterruptedException {
        try (BuildThreads pool = new BuildThreads(threads)) {
            Files.createDirectories(folder);
            MappedVectors.write(vectors, folder.resolve(MappedVectors.FILE));
            if (vectors.size() > 0) {
                writeStructure(vectors, folder, pool);
            }
            ShardHeader.write(folder, type, links, vectors);
        } catch (ClosedByInterruptException e) {
            Thread.interrupted(); // as the exception says it
            throw new InterruptedException("The build of " + folder + " was interrupted");
        }
    }

    /** @param vectors one at least */
    abstract void writeStructure(Matrix vectors, Path folder, BuildThreads threads)
            throws IOException, InterruptedException;
}
