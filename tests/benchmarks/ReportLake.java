import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.DeltaAppend;
import io.datapunk.lake.delta.DeltaTables;
import io.datapunk.lake.model.table.AccessHoursTable;
import io.datapunk.lake.model.table.ActivityTable;
import io.datapunk.lake.model.table.LocationsTable;
import io.datapunk.lake.model.table.MediaTable;
import io.datapunk.lake.model.table.MessagesTable;
import io.datapunk.lake.model.table.MovesTable;
import io.datapunk.lake.model.table.RecordsTable;
import io.datapunk.lake.model.table.TableDefinition;
import io.datapunk.lake.spark.LakeSession;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Makes a lake of ROWS rows in PARTITIONS months of five tables, which were read and moved in the last 90 days: each second
 * partition went cold and came back.
 *
 * <p>{@code HOME ROWS PARTITIONS}
 */
public final class ReportLake {
    private static final List<TableDefinition> TABLES = List.of(
            ActivityTable.DEFINITION,
            MessagesTable.DEFINITION,
            LocationsTable.DEFINITION,
            MediaTable.DEFINITION,
            RecordsTable.DEFINITION);

    private ReportLake() {}

    public static void main(String[] arguments) throws IOException {
        LakeConfig config = LakeConfig.load(
                null, Map.of(), Map.of("lake.home", Path.of(arguments[0]).toString()));
        LakeHome home = LakeHome.open(config);
        long rows = Long.parseLong(arguments[1]) / TABLES.size();
        long months = Long.parseLong(arguments[2]) / TABLES.size();
        try (SparkSession spark = LakeSession.open(config, home)) {
            for (TableDefinition table : TABLES) {
                append(spark, home, table, events(spark, rows, months));
                append(spark, home, MovesTable.DEFINITION, moves(spark, table, months, "WARM", "COLD", 60));
                append(spark, home, MovesTable.DEFINITION, moves(spark, table, months, "COLD", "WARM", 1));
                append(spark, home, AccessHoursTable.DEFINITION, accesses(spark, table, months));
            }
        }
    }

    private static void append(SparkSession spark, LakeHome home, TableDefinition table, Dataset<Row> rows) {
        DeltaTables.ensure(spark, home, table);
        new DeltaAppend(spark, home).append(table, rows);
    }

    private static String month(String number) {
        return "date_format(add_months(date'2026-06-01', -cast(" + number + " as int)), 'yyyy-MM')";
    }

    private static Dataset<Row> events(SparkSession spark, long rows, long months) {
        return spark.range(rows)
                .selectExpr("id as number", month("id % " + months) + " as month")
                .selectExpr(
                        "uuid() as id",
                        "uuid() as match_key",
                        "concat('user', number % 3) as user_id",
                        "'made' as source",
                        "'import' as import_id",
                        "'entry' as entry",
                        "number as position",
                        "now() as ingested_at",
                        "timestamp(concat(month, '-15 10:00:00')) as event_time",
                        "concat('event ', number) as title",
                        "concat('event ', number) as text",
                        "'{}' as document",
                        "month");
    }

    private static Dataset<Row> moves(
            SparkSession spark, TableDefinition table, long months, String from, String to, int daysAgo) {
        return spark.range(months / 2)
                .selectExpr(
                        "uuid() as move_id",
                        "now() - make_dt_interval(" + daysAgo + " + int(id % 25)) as planned_at",
                        "concat('" + table.name() + "/month=', " + month("2 * id") + ") as partition",
                        "'" + from + "' as from_tier",
                        "'" + to + "' as to_tier",
                        "concat('no access and no write for ', id % 200, ' d (warm goes cold after 90 d)') as reason",
                        "'threshold' as policy",
                        "20000L as bytes",
                        "100L as rows",
                        "'done' as state")
                .selectExpr("*", "planned_at as ended_at");
    }

    private static Dataset<Row> accesses(SparkSession spark, TableDefinition table, long months) {
        return spark.range(20_000)
                .selectExpr(
                        "date_trunc('hour', now() - make_dt_interval(int(pmod(xxhash64(id), 29)))) as hour",
                        "concat('" + table.name() + "/month=', " + month("int(pow(id % 100 / 100.0, 4) * " + (months - 1) + ")")
                                + ") as partition",
                        "1 + pmod(xxhash64(id), 40) as accesses")
                .selectExpr("*", "date_format(hour, 'yyyy-MM-dd') as day");
    }
}
