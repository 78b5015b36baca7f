package io.datapunk.vectors.neighbours;

import io.datapunk.lake.config.IndexSettings;
import io.datapunk.lake.model.table.VectorNeighboursTable;
import io.datapunk.vectors.search.CollectionIndex;
import io.datapunk.vectors.search.NearRow;
import io.datapunk.vectors.shard.IndexPlace;
import io.datapunk.vectors.shard.RowFilter;
import io.datapunk.vectors.shard.VectorRows;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import java.util.Spliterators;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.TaskCompletionListener;

/**
 * Looks up the nearest rows of a partition's rows in a collection. The index is opened once; nothing is shuffled.
 *
 * @param most neighbours of each
 * @param vector number of the column with the vector, which is not handed on
 * @param itself number of the column with the key by which a row is itself one of the collection, and no neighbour of its own;
 *     {@value #NOBODY} where the rows are others
 */
public record NearestRows(IndexPlace place, IndexSettings settings, int most, int vector, int itself)
        implements MapPartitionsFunction<Row, Row> {
    private static final int NOBODY = -1;

    /**
     * A row for each neighbour: the row's columns without the vector, and {@code rank}, {@code neighbour_id}, {@code score} and
     * {@code index_version}.
     *
     * @param vector the column with vectors of the collection's dimensions; where it is null there are no neighbours
     */
    public static Dataset<Row> join(
            Dataset<Row> rows, String vector, IndexPlace place, IndexSettings settings, int most) {
        return join(
                rows,
                vector,
                new NearestRows(place, settings, most, rows.schema().fieldIndex(vector), NOBODY));
    }

    /**
     * The same for rows of the collection itself.
     *
     * @param id the column with their keys
     */
    static Dataset<Row> joinItself(
            Dataset<Row> rows, String id, String vector, IndexPlace place, IndexSettings settings, int most) {
        StructType columns = rows.schema();
        return join(
                rows,
                vector,
                new NearestRows(place, settings, most, columns.fieldIndex(vector), columns.fieldIndex(id)));
    }

    private static Dataset<Row> join(Dataset<Row> rows, String vector, NearestRows nearest) {
        StructType columns = rows.drop(vector)
                .schema()
                .add(VectorNeighboursTable.RANK, DataTypes.IntegerType, false)
                .add(VectorNeighboursTable.NEIGHBOUR_ID, DataTypes.StringType, false)
                .add(VectorNeighboursTable.SCORE, DataTypes.FloatType, false)
                .add(VectorNeighboursTable.INDEX_VERSION, DataTypes.LongType, false);
        return rows.mapPartitions(nearest, Encoders.row(columns));
    }

    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
        CollectionIndex index = CollectionIndex.open(place.open(), settings);
        TaskContext.get().addTaskCompletionListener((TaskCompletionListener) context -> close(index));
        CollectionIndex.Searcher searcher = index.searcher(RowFilter.NONE);
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(rows, 0), false)
                .filter(row -> !row.isNullAt(vector))
                .flatMap(row -> neighbours(searcher, index.manifest().version(), row))
                .iterator();
    }

    private Stream<Row> neighbours(CollectionIndex.Searcher searcher, long indexVersion, Row row) {
        List<NearRow> near = nearest(searcher, VectorRows.floats(row.getList(vector))).stream()
                .filter(found -> itself == NOBODY || !found.row().id().equals(row.getString(itself)))
                .limit(most)
                .toList();
        return IntStream.range(0, near.size()).mapToObj(place -> with(row, place + 1, near.get(place), indexVersion));
    }

    private Row with(Row row, int rank, NearRow near, long indexVersion) {
        return RowFactory.create(Stream.concat(
                        IntStream.range(0, row.size())
                                .filter(column -> column != vector)
                                .mapToObj(row::get),
                        Stream.of(rank, near.row().id(), near.score(), indexVersion))
                .toArray());
    }

    private List<NearRow> nearest(CollectionIndex.Searcher searcher, float[] values) {
        try {
            return searcher.nearestRows(values, itself == NOBODY ? most : most + 1);
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
