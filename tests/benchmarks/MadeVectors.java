import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.DeltaAppend;
import io.datapunk.lake.delta.DeltaTables;
import io.datapunk.lake.model.table.TableDefinition;
import io.datapunk.lake.model.table.VectorsTable;
import java.util.Random;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;

/** A collection of any size, {@code vectors.made}: 500 clusters of 32 dimensions, turned into the ones asked for, with some noise. */
final class MadeVectors {
    static final TableDefinition TABLE = VectorsTable.definition("made");
    private static final int CLUSTERS = 500;
    private static final int LATENT = 32;

    private final SparkSession spark;
    private final LakeHome home;
    private final int dimensions;

    MadeVectors(SparkSession spark, LakeHome home, int dimensions) {
        this.spark = spark;
        this.home = home;
        this.dimensions = dimensions;
    }

    /** Rows by their numbers, the first included and the last not. */
    void append(long from, long to) {
        DeltaTables.ensure(spark, home, TABLE);
        double[] turn = new Random(42).doubles((long) dimensions * LATENT, -0.5, 0.5).toArray();
        UserDefinedFunction vector = functions.udf(
                (UDF1<Long, float[]>) id -> vector(id, turn), DataTypes.createArrayType(DataTypes.FloatType));
        new DeltaAppend(spark, home).append(
                TABLE,
                spark.range(from, to)
                        .withColumn("vector", vector.apply(functions.col("id")))
                        .selectExpr(
                                "md5(string(id)) AS id",
                                "concat('user-', id % 100) AS user_id",
                                "timestampadd(SECOND, int(id), timestamp '2026-01-01 00:00:00') AS event_time",
                                "concat('text ', id) AS text",
                                "map('kind', 'made') AS attributes",
                                "sha2(string(id), 256) AS content_sha256",
                                "'external' AS model",
                                "'' AS model_version",
                                dimensions + " AS dimensions",
                                "false AS normalised",
                                "vector",
                                "'user_data.documents' AS source_dataset",
                                "1L AS source_version",
                                "timestamp '2026-02-01 00:00:00' AS computed_at",
                                "'2026-01' AS month"));
    }

    /** Near one of the clusters' centres in few dimensions, turned into many. */
    private static float[] vector(long id, double[] turn) {
        Random own = new Random(id * 0x9E3779B97F4A7C15L);
        Random cluster = new Random(-1 - own.nextInt(CLUSTERS));
        double[] latent = new double[LATENT];
        for (int i = 0; i < LATENT; i++) {
            latent[i] = cluster.nextGaussian() + 0.5 * own.nextGaussian();
        }
        float[] vector = new float[turn.length / LATENT];
        for (int i = 0; i < vector.length; i++) {
            double sum = 0.05 * own.nextGaussian();
            for (int j = 0; j < LATENT; j++) {
                sum += latent[j] * turn[i * LATENT + j];
            }
            vector[i] = (float) sum;
        }
        return vector;
    }
}
