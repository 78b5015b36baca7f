package io.datapunk.vectors.publish;

import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.TableSnapshot;
import io.datapunk.lake.model.DataFile;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.table.VectorsTable;
import io.datapunk.lake.spark.LakeSession;
import java.util.OptionalInt;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * A collection at one version of its table.
 *
 * @param data its rows, with the columns of {@link VectorsTable}
 * @param rows how many
 * @param dimensions of each vector; empty where there is none
 */
record CollectionVersion(String collection, long number, Dataset<Row> data, long rows, OptionalInt dimensions) {
    /** @throws LakeException where files lack rows, or its vectors cannot be compared with each other */
    static CollectionVersion read(SparkSession spark, LakeHome home, String collection, TableSnapshot snapshot) {
        Dataset<Row> data = spark.read()
                .format("delta")
                .option("versionAsOf", snapshot.version())
                .load(home.tablePath(snapshot.dataset()));
        Row facts = LakeSession.internal(spark, () -> data.agg(
                        functions.count(VectorsTable.ID),
                        functions.min(VectorsTable.DIMENSIONS),
                        functions.max(VectorsTable.DIMENSIONS),
                        functions.countDistinct(VectorsTable.MODEL, VectorsTable.MODEL_VERSION))
                .head());
        long rows = facts.getLong(0);
        if (snapshot.rows() != DataFile.ROWS_UNKNOWN && snapshot.rows() != rows) {
            throw LakeException.failed(
                    "the rows of " + snapshot.dataset() + " are not those of its files",
                    rows + " rows were read, and the Delta log counts " + snapshot.rows(),
                    "run `lake doctor`; a data file may be damaged");
        }
        if (rows == 0) {
            return new CollectionVersion(collection, snapshot.version(), data, rows, OptionalInt.empty());
        }
        if (facts.getInt(1) != facts.getInt(2) || facts.getLong(3) > 1) {
            throw LakeException.failed(
                    "collection " + collection + " cannot be published",
                    "its vectors have " + facts.getInt(1) + " to " + facts.getInt(2) + " dimensions and are of "
                            + facts.getLong(3) + " models, so that they cannot be compared",
                    "run `lake vectors embed " + collection + "`, which makes all of them anew by one model");
        }
        return new CollectionVersion(collection, snapshot.version(), data, rows, OptionalInt.of(facts.getInt(1)));
    }
}
