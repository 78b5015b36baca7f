import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import org.apache.spark.sql.SparkSession;

/**
 * Makes up a trace of accesses, and groups it by partition and hour without anything of the lake.
 *
 * <p>{@code write FOLDER EVENTS PARTITIONS FROM-HOUR HOURS} writes Parquet files with the columns time, dataset and
 * partition: times spread over HOURS clock hours from FROM-HOUR (since the epoch) on, a tenth of the partitions with about
 * half of the events. {@code spark FOLDER} and {@code duckdb FOLDER} count; both print how many groups there are.
 */
public final class HeatTrace {
    private static final String GROUP =
            "select dataset, partition, %s as hour, count(*) as accesses from %s group by 1, 2, 3";

    private HeatTrace() {}

    public static void main(String[] arguments) throws Exception {
        String folder = arguments[1];
        if (arguments[0].equals("duckdb")) {
            try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                    Statement statement = connection.createStatement()) {
                statement.execute("create table hours as "
                        + GROUP.formatted("date_trunc('hour', time)", "read_parquet('" + folder + "/*.parquet')"));
                try (ResultSet rows = statement.executeQuery("select count(*), sum(accesses) from hours")) {
                    rows.next();
                    System.out.println(rows.getLong(1) + " groups of " + rows.getLong(2) + " events");
                }
            }
            return;
        }
        try (SparkSession spark = SparkSession.builder()
                .master("local[*]")
                .config("spark.ui.enabled", "false")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.sql.session.timeZone", "UTC")
                .config("spark.local.dir", folder + ".tmp")
                .config("spark.sql.warehouse.dir", folder + ".warehouse")
                .getOrCreate()) {
            if (arguments[0].equals("write")) {
                write(spark, folder, arguments);
            } else {
                // Into files, as a job that keeps its result has to.
                String result = folder + ".groups";
                spark.sql(GROUP.formatted("date_trunc('hour', time)", "parquet.`" + folder + "`"))
                        .write()
                        .parquet(result);
                System.out.println(spark.sql("select concat(count(*), ' groups of ', sum(accesses), ' events') from"
                                + " parquet.`" + result + "`")
                        .first()
                        .getString(0));
            }
        }
    }

    private static void write(SparkSession spark, String folder, String[] arguments) {
        long events = Long.parseLong(arguments[2]);
        long partitions = Long.parseLong(arguments[3]);
        long from = Long.parseLong(arguments[4]) * 3600;
        long seconds = Long.parseLong(arguments[5]) * 3600;
        spark.range(events)
                .selectExpr(
                        "timestamp_seconds(" + from + " + pmod(xxhash64(id, 1), " + seconds + ")) as time",
                        "pmod(xxhash64(id, 2), if(id % 2 = 0, " + partitions + ", " + Math.max(1, partitions / 10)
                                + ")) as number")
                .selectExpr(
                        "time",
                        "concat('user_data.family', number % 10) as dataset",
                        "concat('month=', lpad(number, 7, '0')) as partition")
                .write()
                .parquet(folder);
    }
}
