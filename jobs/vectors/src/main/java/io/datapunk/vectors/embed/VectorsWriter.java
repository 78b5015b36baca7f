package io.datapunk.vectors.embed;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.timestamp_micros;

import io.datapunk.lake.config.CollectionConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.DeltaAppend;
import io.datapunk.lake.delta.DeltaAppend.Once;
import io.datapunk.lake.delta.DeltaMerge;
import io.datapunk.lake.model.RowChange;
import io.datapunk.lake.model.table.TableDefinition;
import io.datapunk.lake.model.table.VectorsTable;
import io.datapunk.vectors.embed.EmbedPlan.Batch;
import io.datapunk.vectors.embed.RowChanges.MonthCount;
import java.time.Instant;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;

/**
 * Writes what changes into a table of vectors: new rows are appended, in few sorted files; changed and deleted ones are
 * merged. What is committed is no change any more when changes are looked for again, which is why nothing else has to be
 * remembered.
 */
final class VectorsWriter {
    private static final String APPLICATION = "lake.vectors.embed";
    private static final String KNOWN = "known_vector";

    private final SparkSession spark;
    private final LakeHome home;
    private final TableDefinition definition;
    private final DeltaMerge delta;
    private final CollectionConfig collection;
    private final SourceRows source;
    private final VectorSource vectors;
    private final long sourceVersion;
    private final Instant now;

    VectorsWriter(
            SparkSession spark,
            LakeHome home,
            CollectionConfig collection,
            SourceRows source,
            VectorSource vectors,
            long sourceVersion,
            Instant now) {
        this.spark = spark;
        this.home = home;
        this.definition = VectorsTable.definition(collection.name());
        this.delta = new DeltaMerge(spark, home);
        this.collection = collection;
        this.source = source;
        this.vectors = vectors;
        this.sourceVersion = sourceVersion;
        this.now = now;
    }

    /** @param encoded contents that the model was given */
    record Written(long inserted, long updated, long encoded) {
        long rows() {
            return inserted + updated;
        }
    }

    /** What there is to do, by month. */
    List<MonthCount> count() {
        return RowChanges.count(allChanges());
    }

    /** Deletes what the source does not have any more, all at once: before anything is encoded, which may take long. */
    void delete(List<String> months) {
        Dataset<Row> gone = allChanges().where(RowChanges.is(RowChange.DELETE)).persist(StorageLevel.DISK_ONLY());
        try {
            delta.merge(definition, shaped(gone), months, next());
        } finally {
            gone.unpersist();
        }
    }

    Written write(Batch batch) {
        // Read several times. On disk, so that a batch may be larger than the memory.
        Dataset<Row> changes = RowChanges.of(source.read(vectors.reader(), batch), table().where(SourceRows.of(batch)))
                .where(RowChanges.is(RowChange.INSERT).or(RowChanges.is(RowChange.UPDATE)))
                .persist(StorageLevel.DISK_ONLY());
        Dataset<Row> encoded = encoded(changes).persist(StorageLevel.DISK_ONLY());
        try {
            return commit(encoded, batch);
        } finally {
            encoded.unpersist();
            changes.unpersist();
        }
    }

    private Written commit(Dataset<Row> encoded, Batch batch) {
        Row counts = encoded.agg(
                        count_if(RowChanges.is(RowChange.INSERT)),
                        count_if(RowChanges.is(RowChange.UPDATE)),
                        count_if(col(EncodeRows.ENCODED)))
                .first();
        Written written = new Written(counts.getLong(0), counts.getLong(1), counts.getLong(2));
        if (written.updated() > 0) {
            delta.merge(definition, shaped(encoded.where(RowChanges.is(RowChange.UPDATE))), batch.months(), next());
        }
        if (written.inserted() > 0) {
            new DeltaAppend(spark, home)
                    .append(definition, shaped(encoded.where(RowChanges.is(RowChange.INSERT))), next());
        }
        return written;
    }

    private Once next() {
        return new Once(APPLICATION, delta.lastVersion(definition, APPLICATION) + 1);
    }

    private Dataset<Row> allChanges() {
        return RowChanges.of(source.read(vectors.reader()), table());
    }

    /** As it is now. */
    private Dataset<Row> table() {
        return spark.read().format("delta").load(home.tablePath(definition.name()));
    }

    private Dataset<Row> encoded(Dataset<Row> changes) {
        if (vectors.encoder().isEmpty()) {
            return changes.withColumn(EncodeRows.ENCODED, lit(false));
        }
        Dataset<Row> ready = withKnownVectors(changes)
                // Each content in one task; and in all tasks, however little there is to encode.
                .repartition(spark.sparkContext().defaultParallelism(), col(VectorsTable.CONTENT_SHA256))
                .sortWithinPartitions(VectorsTable.CONTENT_SHA256);
        StructType columns = ready.schema();
        return ready.mapPartitions(
                new EncodeRows(vectors.encoder().get(), columns), Encoders.row(EncodeRows.schema(columns)));
    }

    /** With the vectors of equal contents that the table has; its vectors are read only where there are such. */
    private Dataset<Row> withKnownVectors(Dataset<Row> changes) {
        String[] byContent = {VectorsTable.CONTENT_SHA256};
        Dataset<Row> contents = changes.select(VectorsTable.CONTENT_SHA256);
        Dataset<Row> table = table().select(VectorsTable.CONTENT_SHA256, VectorsTable.VECTOR);
        if (table.select(VectorsTable.CONTENT_SHA256)
                .join(contents, byContent, "left_semi")
                .isEmpty()) {
            return changes;
        }
        Dataset<Row> known = table.join(contents, byContent, "left_semi")
                .dropDuplicates(VectorsTable.CONTENT_SHA256)
                .withColumnRenamed(VectorsTable.VECTOR, KNOWN);
        return changes.join(known, byContent, "left_outer")
                .withColumn(VectorsTable.VECTOR, coalesce(col(VectorsTable.VECTOR), col(KNOWN)))
                .drop(KNOWN);
    }

    /** As the table has them, and {@link RowChange#COLUMN}. */
    private Dataset<Row> shaped(Dataset<Row> rows) {
        return rows.select(
                col(VectorsTable.ID),
                col(VectorsTable.USER_ID),
                timestamp_micros(col(SourceRows.EVENT_MICROS)).as(VectorsTable.EVENT_TIME),
                col(VectorsTable.TEXT),
                col(VectorsTable.ATTRIBUTES),
                col(VectorsTable.CONTENT_SHA256),
                lit(vectors.model()).as(VectorsTable.MODEL),
                lit(vectors.modelVersion()).as(VectorsTable.MODEL_VERSION),
                size(col(VectorsTable.VECTOR)).as(VectorsTable.DIMENSIONS),
                lit(vectors.normalised()).as(VectorsTable.NORMALISED),
                col(VectorsTable.VECTOR),
                lit(collection.source().toString()).as(VectorsTable.SOURCE_DATASET),
                lit(sourceVersion).as(VectorsTable.SOURCE_VERSION),
                SourceRows.time(now).as(VectorsTable.COMPUTED_AT),
                col(VectorsTable.MONTH),
                col(RowChange.COLUMN));
    }
}
