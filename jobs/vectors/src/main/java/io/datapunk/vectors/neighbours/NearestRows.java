package io.datapunk.vectors.neighbours;

import io.datapunk.lake.config.IndexSettings;
import io.datapunk.lake.index.IndexStore;
import io.datapunk.lake.model.table.VectorNeighboursTable;
import io.datapunk.vectors.search.CollectionIndex;
import io.datapunk.vectors.search.Hit;
import io.datapunk.vectors.search.Query;
import io.datapunk.vectors.shard.IndexPlace;
import io.datapunk.vectors.shard.IndexedRow;
import io.datapunk.vectors.shard.RowFilter;
import io.datapunk.vectors.shard.VectorRows;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Spliterators;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.TaskCompletionListener;

/**
 * Looks up the neighbours of a partition's rows. The index is opened once; nothing is shuffled.
 *
 * @param most neighbours of each
 * @param itself whether rows are looked for in their own collection, where each is its own nearest
 */
record NearestRows(IndexPlace place, IndexSettings settings, int most, boolean itself)
        implements MapPartitionsFunction<Row, Row> {
    static final StructType SCHEMA = new StructType()
            .add(VectorNeighboursTable.ID, DataTypes.StringType, false)
            .add(VectorNeighboursTable.USER_ID, DataTypes.StringType, true)
            .add(VectorNeighboursTable.RANK, DataTypes.IntegerType, false)
            .add(VectorNeighboursTable.NEIGHBOUR_ID, DataTypes.StringType, false)
            .add(VectorNeighboursTable.NEIGHBOUR_COLLECTION, DataTypes.StringType, false)
            .add(VectorNeighboursTable.SCORE, DataTypes.FloatType, false)
            .add(VectorNeighboursTable.INDEX_VERSION, DataTypes.LongType, false);

    @Override
    public Iterator<Row> call(Iterator<Row> rows) throws IOException {
        IndexStore store = place.open();
        CollectionIndex index = CollectionIndex.open(store, settings);
        TaskContext.get().addTaskCompletionListener((TaskCompletionListener) context -> close(index));
        CollectionIndex.Searcher searcher = index.searcher(RowFilter.NONE);
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(rows, 0), false)
                .flatMap(row -> neighbours(searcher, index.manifest().version(), row))
                .iterator();
    }

    private Stream<Row> neighbours(CollectionIndex.Searcher searcher, long indexVersion, Row row) {
        IndexedRow own = VectorRows.row(row);
        List<Hit> hits = nearest(searcher, VectorRows.vector(row)).stream()
                .filter(hit -> !(itself && hit.row().id().equals(own.id())))
                .limit(most)
                .toList();
        return IntStream.range(0, hits.size())
                .mapToObj(place -> RowFactory.create(
                        own.id(),
                        own.userId().orElse(null),
                        place + 1,
                        hits.get(place).row().id(),
                        hits.get(place).collection(),
                        hits.get(place).score(),
                        indexVersion));
    }

    private List<Hit> nearest(CollectionIndex.Searcher searcher, float[] vector) {
        try {
            return searcher.search(new Query(vector, itself ? most + 1 : most, Optional.empty(), Optional.empty()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void close(CollectionIndex index) {
        try {
            index.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
