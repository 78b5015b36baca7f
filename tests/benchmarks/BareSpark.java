import java.util.List;
import org.apache.spark.sql.SparkSession;

/**
 * Spark and Delta as their documentation starts them, without anything of the lake: what {@code lake sql} is measured
 * against. {@code write FOLDER} makes a table of three months, {@code read FOLDER} asks it one question.
 */
public final class BareSpark {
    private BareSpark() {}

    public static void main(String[] arguments) throws Exception {
        try (SparkSession spark = SparkSession.builder()
                .master("local[*]")
                .config("spark.ui.enabled", "false")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.sql.warehouse.dir", System.getProperty("java.io.tmpdir") + "/bare-spark-warehouse")
                .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
                .config("spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog")
                // Delta's default of 50 would make this start 15 s slower; it is not what is to be compared.
                .config("spark.databricks.delta.snapshotPartitions", "2")
                .getOrCreate()) {
            if (arguments[0].equals("write")) {
                spark.range(30_000)
                        .selectExpr("id", "concat('title ', id) as title", "concat('2026-0', 1 + id % 3) as month")
                        .write()
                        .format("delta")
                        .partitionBy("month")
                        .save(arguments[1]);
            } else {
                System.out.println(List.of(spark.sql("select month, count(*), min(title) from delta.`" + arguments[1]
                                + "` group by month order by month")
                        .collect()));
            }
        }
    }
}
