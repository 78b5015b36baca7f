package io.datapunk.vectors.build;

import io.datapunk.lake.config.IndexSettings;
import io.datapunk.lake.index.IndexShard;
import io.datapunk.lake.index.IndexStore;
import io.datapunk.lake.storage.FolderTree;
import io.datapunk.vectors.shard.IndexPlace;
import io.datapunk.vectors.shard.ShardBuilder;
import io.datapunk.vectors.shard.VectorRows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;

/**
 * Builds the rows of a partition into a shard, on this machine, and stores it. A task that is tried again stores another one;
 * what nothing names is swept away.
 *
 * @param centroids of the partitions; empty where there is one only, that takes whatever comes
 * @param threads for a task
 */
record ShardTask(IndexPlace place, IndexSettings settings, int dimensions, float[][] centroids, int threads)
        implements MapPartitionsFunction<Row, byte[]> {
    @Override
    public Iterator<byte[]> call(Iterator<Row> rows) throws IOException, InterruptedException {
        if (!rows.hasNext()) {
            return Collections.emptyIterator();
        }
        String id = UUID.randomUUID().toString();
        Path folder = Files.createTempDirectory("lake-shard-");
        try (ShardBuilder builder = new ShardBuilder(settings, dimensions, folder)) {
            while (rows.hasNext()) {
                Row row = rows.next();
                builder.add(VectorRows.row(row), VectorRows.vector(row));
            }
            int count = builder.finish(threads);
            IndexStore store = place.open();
            float[] centroid = centroids.length == 0
                    ? new float[0]
                    : centroids[TaskContext.get().partitionId()];
            IndexShard shard = new IndexShard(id, count, 0, "", centroid, store.store(id, folder));
            return List.of(shard.toBytes()).iterator();
        } finally {
            FolderTree.delete(folder);
        }
    }
}
