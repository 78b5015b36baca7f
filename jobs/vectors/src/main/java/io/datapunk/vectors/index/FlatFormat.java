package io.datapunk.vectors.index;

import io.datapunk.lake.config.IndexSettings.IndexType;
import io.datapunk.vectors.distance.Matrix;
import java.nio.file.Path;

/** The vectors alone. */
final class FlatFormat extends FolderFormat {
    FlatFormat() {
        super(IndexType.FLAT, 0);
    }

    @Override
    void writeStructure(Matrix vectors, Path folder, BuildThreads threads) {}
}
