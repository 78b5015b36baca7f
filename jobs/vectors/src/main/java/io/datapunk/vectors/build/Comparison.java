package io.datapunk.vectors.build;

import static org.apache.spark.sql.functions.col;

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
import java.util.stream.Collectors;
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
    private static final String STORED = "stored";

    /** A row's id and what it says, as 128 bits: its texts are six times as long, and every one of them is compared. */
    private static final List<String> KEY = List.of("key_high", "key_low");

    /** Keys of so many rows are sent to all tasks, so that the table's vectors need not be, and their rows are kept. */
    private static final long FEW_ROWS = 100_000;

    private static final StructType INDEXED = new StructType()
            .add(VectorsTable.ID, DataTypes.StringType, false)
            .add(VectorsTable.CONTENT_SHA256, DataTypes.StringType, false)
            .add(SHARD, DataTypes.StringType, false)
            .add(ORDINAL, DataTypes.IntegerType, false);

    private final Dataset<Row> table;
    private final Set<String> shards;
    private final Dataset<Row> indexed;
    private final Dataset<Row> unmatched;
    private final List<Dataset<Row>> kept = new ArrayList<>();

    Comparison(
            SparkSession spark, IndexPlace place, IndexSettings settings, Dataset<Row> table, List<IndexShard> shards) {
        this.table = table;
        this.shards = shards.stream().map(IndexShard::id).collect(Collectors.toSet());
        this.indexed = kept(withKey(spark.createDataFrame(
                        JavaSparkContext.fromSparkContext(spark.sparkContext())
                                .parallelize(
                                        shards.stream().map(IndexShard::toBytes).toList(), Math.max(1, shards.size()))
                                .flatMap(keys(place, settings)),
                        INDEXED))
                .drop(VectorsTable.ID, VectorsTable.CONTENT_SHA256));
        Dataset<Row> stored = withKey(table).select(keyColumns()).withColumn(STORED, functions.lit(true));
        this.unmatched =
                kept(indexed.join(stored, CollectionConverters.asScala(KEY).toSeq(), "full_outer")
                        .where(col(SHARD).isNull().or(col(STORED).isNull())));
    }

    private Dataset<Row> kept(Dataset<Row> rows) {
        kept.add(rows.persist(StorageLevel.MEMORY_AND_DISK()));
        return rows;
    }

    private static Dataset<Row> withKey(Dataset<Row> rows) {
        Column id = col(VectorsTable.ID);
        Column content = col(VectorsTable.CONTENT_SHA256);
        return rows.withColumn(KEY.get(0), functions.xxhash64(id, content))
                .withColumn(KEY.get(1), functions.xxhash64(content, id));
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
        unmatched
                .where(col(SHARD).isNotNull())
                .select(SHARD, ORDINAL)
                .toLocalIterator()
                .forEachRemaining(row -> gone.computeIfAbsent(row.getString(0), shard -> new RoaringBitmap())
                        .add(row.getInt(1)));
        return gone;
    }

    /** How many of the table's rows are in no shard. */
    long newRows() {
        return newKeys().count();
    }

    /**
     * The table's rows that are in no shard, or in one of these.
     *
     * @param count of them, about
     */
    Dataset<Row> rows(Set<String> rewritten, long count) {
        if (rewritten.containsAll(shards)) {
            return table;
        }
        Dataset<Row> keys = newKeys()
                .unionByName(indexed.where(col(SHARD).isin(rewritten.toArray())).select(keyColumns()));
        boolean isFew = count <= FEW_ROWS;
        Dataset<Row> rows = withKey(table)
                .join(
                        isFew ? functions.broadcast(keys) : keys,
                        CollectionConverters.asScala(KEY).toSeq(),
                        "left_semi")
                .drop(KEY.toArray(String[]::new));
        return isFew ? kept(rows) : rows;
    }

    private Dataset<Row> newKeys() {
        return unmatched.where(col(SHARD).isNull()).select(keyColumns());
    }

    private static Column[] keyColumns() {
        return KEY.stream().map(functions::col).toArray(Column[]::new);
    }

    @Override
    public void close() {
        kept.forEach(Dataset::unpersist);
    }
}
