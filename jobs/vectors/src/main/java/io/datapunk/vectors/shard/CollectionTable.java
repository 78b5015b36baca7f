package io.datapunk.vectors.shard;

import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.TableLog;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.table.VectorsTable;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** A collection's table at one version. */
public record CollectionTable(String collection, String path, long version) {
    /**
     * At its newest version.
     *
     * @throws LakeException (usage) where there is none
     */
    public static CollectionTable newest(LakeHome home, Configuration stores, String collection) {
        return new TableLog(home, stores)
                .snapshot(VectorsTable.name(collection))
                .map(snapshot -> new CollectionTable(
                        collection, home.tablePath(VectorsTable.name(collection)), snapshot.version()))
                .orElseThrow(() -> LakeException.usage(
                        "collection " + collection + " has no vectors",
                        "there is no table " + VectorsTable.name(collection),
                        "make them with `lake vectors embed " + collection + "`"));
    }

    public Dataset<Row> rows(SparkSession spark) {
        return spark.read().format("delta").option("versionAsOf", version).load(path);
    }

    /** What made vectors: only those of one model can be compared. */
    public record Model(String name, String version, int dimensions) {}

    /**
     * The one that made all of its vectors; empty where it has none.
     *
     * @throws LakeException where several did
     */
    public Optional<Model> model(SparkSession spark) {
        List<Row> models = rows(spark)
                .select(VectorsTable.MODEL, VectorsTable.MODEL_VERSION, VectorsTable.DIMENSIONS)
                .distinct()
                .limit(2)
                .collectAsList();
        if (models.size() > 1) {
            throw LakeException.failed(
                    "the vectors of collection " + collection + " are not comparable",
                    "they come from " + models.get(0) + " and " + models.get(1),
                    "`lake vectors embed " + collection + "` makes those of the other model anew");
        }
        return models.stream()
                .map(row -> new Model(row.getString(0), row.getString(1), row.getInt(2)))
                .findFirst();
    }
}
