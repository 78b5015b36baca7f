package io.datapunk.vectors.build;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.not;

import io.datapunk.lake.config.IndexSettings;
import io.datapunk.lake.index.IndexShard;
import io.datapunk.lake.model.table.VectorsTable;
import io.datapunk.vectors.shard.IndexPlace;
import io.datapunk.vectors.shard.OpenShard;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;
import org.roaringbitmap.RoaringBitmap;
import scala.jdk.javaapi.CollectionConverters;

/**
 * A table beside the shards of its index: row by row, not by what its log says that has changed, so that nothing depends on how
 * long the log goes back.
 */
final class Comparison implements AutoCloseable {
    private static final String SHARD = "shard";
    private static final String ORDINAL = "ordinal";
    private static final List<String> KEY = List.of(VectorsTable.ID, VectorsTable.CONTENT_SHA256);
    private static final StructType INDEXED = new StructType()
            .add(VectorsTable.ID, DataTypes.StringType, false)
            .add(VectorsTable.CONTENT_SHA256, DataTypes.StringType, false)
            .add(SHARD, DataTypes.StringType, false)
            .add(ORDINAL, DataTypes.IntegerType, false);

    private final Dataset<Row> table;
    private final Dataset<Row> indexed;

    Comparison(
            SparkSession spark, IndexPlace place, IndexSettings settings, Dataset<Row> table, List<IndexShard> shards) {
        this.table = table;
        this.indexed = spark.createDataFrame(
                        JavaSparkContext.fromSparkContext(spark.sparkContext())
                                .parallelize(
                                        shards.stream().map(IndexShard::toBytes).toList(), Math.max(1, shards.size()))
                                .flatMap(keys(place, settings)),
                        INDEXED)
                .persist(StorageLevel.MEMORY_AND_DISK());
    }

    private static FlatMapFunction<byte[], Row> keys(IndexPlace place, IndexSettings settings) {
        return bytes -> {
            IndexShard shard = IndexShard.parse(bytes);
            List<Row> keys = new ArrayList<>(shard.live());
            try (OpenShard open = OpenShard.open(place.open(), shard, settings)) {
                open.forEachKey((key, ordinal) ->
                        keys.add(RowFactory.create(key.id(), key.contentSha256(), shard.id(), ordinal)));
            }
            return keys.iterator();
        };
    }

    /** Ordinals of the rows that the table has no more, by shard. */
    Map<String, RoaringBitmap> gone() {
        Map<String, RoaringBitmap> gone = new TreeMap<>();
        indexed.join(
                        table.select(keyColumns()),
                        CollectionConverters.asScala(KEY).toSeq(),
                        "left_anti")
                .select(SHARD, ORDINAL)
                .toLocalIterator()
                .forEachRemaining(row -> gone.computeIfAbsent(row.getString(0), shard -> new RoaringBitmap())
                        .add(row.getInt(1)));
        return gone;
    }

    /** The table's rows that are in no shard. */
    Dataset<Row> newRows() {
        return without(Set.of());
    }

    /** The table's rows that are in no shard but, perhaps, these. */
    Dataset<Row> without(Set<String> shards) {
        Dataset<Row> others = indexed.where(not(col(SHARD).isin(shards.toArray())));
        return table.join(
                others.select(keyColumns()), CollectionConverters.asScala(KEY).toSeq(), "left_anti");
    }

    private static Column[] keyColumns() {
        return KEY.stream().map(functions::col).toArray(Column[]::new);
    }

    @Override
    public void close() {
        indexed.unpersist();
    }
}
