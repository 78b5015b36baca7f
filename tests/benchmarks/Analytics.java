import io.datapunk.analytics.PublishedTables;
import io.datapunk.analytics.publish.PublishJob;
import io.datapunk.analytics.publish.PublishJob.Published;
import io.datapunk.analytics.publish.PublishedTable;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.DeltaAppend;
import io.datapunk.lake.delta.DeltaTables;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.model.table.AccessHoursTable;
import io.datapunk.lake.model.table.ActivityTable;
import io.datapunk.lake.model.table.LocationsTable;
import io.datapunk.lake.model.table.MediaTable;
import io.datapunk.lake.model.table.MessagesTable;
import io.datapunk.lake.model.table.TableDefinition;
import io.datapunk.lake.spark.LakeSession;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** {@code HOME MONTHS EVENTS}: builds all published tables twice, changes one month, and refreshes them. */
public final class Analytics {
    private static final List<TableDefinition> EVENTS = List.of(
            ActivityTable.DEFINITION, MessagesTable.DEFINITION, MediaTable.DEFINITION, LocationsTable.DEFINITION);

    public static void main(String[] arguments) {
        int months = Integer.parseInt(arguments[1]);
        long events = Long.parseLong(arguments[2]);
        LakeConfig config = LakeConfig.load(null, Map.of(), Map.of("lake.home", arguments[0]));
        LakeHome home = LakeHome.open(config);
        SparkSession spark = LakeSession.open(config, home);
        for (TableDefinition table : EVENTS) {
            append(spark, home, table, events(spark, 0, months, months * events));
        }
        append(spark, home, AccessHoursTable.DEFINITION, accesses(spark, months));

        List<PublishedTable> tables = PublishedTables.all(config.analytics());
        publish(spark, config, home, tables, true);
        List<Published> full = publish(spark, config, home, tables, true);
        for (TableDefinition table : EVENTS) {
            append(spark, home, table, events(spark, months / 2, 1, events / 100));
        }
        append(spark, home, AccessHoursTable.DEFINITION, accesses(spark, 1));
        List<Published> refreshed = publish(spark, config, home, tables, false);
        List<Published> unchanged = publish(spark, config, home, tables, false);

        System.out.printf(
                "%d months, %d events a month in each of %d tables%n", months, events, EVENTS.size());
        System.out.printf(
                "%-26s %12s %9s %9s %9s %7s %10s%n", "table", "rows", "full s", "months", "refresh s", "ratio", "nothing s");
        for (int i = 0; i < full.size(); i++) {
            print(full.get(i), refreshed.get(i), unchanged.get(i));
        }
        System.out.printf(
                "%-26s %12d %9.1f %9s %9.1f %6.1f%% %10.2f%n",
                "all",
                full.stream().mapToLong(Published::rows).sum(),
                seconds(full),
                "",
                seconds(refreshed),
                100 * seconds(refreshed) / seconds(full),
                seconds(unchanged));
        spark.stop();
    }

    private static void print(Published full, Published refreshed, Published unchanged) {
        System.out.printf(
                "%-26s %12d %9.1f %9s %9.1f %6.1f%% %10.2f%n",
                full.table(),
                full.rows(),
                full.seconds(),
                refreshed.refresh() == PublishJob.Refresh.MONTHS ? refreshed.months().size() : refreshed.refresh(),
                refreshed.seconds(),
                100 * refreshed.seconds() / full.seconds(),
                unchanged.seconds());
    }

    private static double seconds(List<Published> published) {
        return published.stream().mapToDouble(Published::seconds).sum();
    }

    private static List<Published> publish(
            SparkSession spark, LakeConfig config, LakeHome home, List<PublishedTable> tables, boolean full) {
        return new PublishJob(() -> spark, config, home)
                .run(new PublishJob.Request(tables, full, false, Instant.now()), Progress.NONE);
    }

    private static void append(SparkSession spark, LakeHome home, TableDefinition table, Dataset<Row> rows) {
        DeltaTables.ensure(spark, home, table);
        new DeltaAppend(spark, home).append(table, rows);
    }

    /** Of ten persons, spread over the days from eight to twenty-two o'clock, as minutes pass. */
    private static Dataset<Row> events(SparkSession spark, int firstMonth, int months, long rows) {
        return spark.range(rows)
                .selectExpr("xxhash64(id, " + firstMonth + ") as seed")
                .selectExpr(
                        "uuid() as id",
                        "hex(seed) as match_key",
                        "concat('user', pmod(seed, 10)) as user_id",
                        "'benchmark' as source",
                        "'import' as import_id",
                        "'entry' as entry",
                        "0L as position",
                        "current_timestamp() as ingested_at",
                        "timestamp'2015-01-01' + make_interval(0, int(" + firstMonth + " + pmod(seed, " + months
                                + ")), 0, int(pmod(shiftright(seed, 8), 28)), int(8 + pmod(shiftright(seed, 16), 14)),"
                                + " int(pmod(shiftright(seed, 24), 60))) as event_time",
                        "if(pmod(seed, 5) = 0, 'YouTube', 'Search') as product",
                        "'searched' as kind",
                        "concat('https://host', pmod(seed, 500), '.org/page') as url",
                        "concat('{\"subtitles\":[{\"name\":\"channel ', pmod(seed, 300), '\"}]}') as detail",
                        "concat('thread', pmod(seed, 1000)) as thread_id",
                        "concat('sender', pmod(seed, 50), '@example.org') as sender",
                        "array(concat('recipient', pmod(seed, 70), '@example.org')) as recipients",
                        "repeat('x', int(pmod(seed, 200))) as text",
                        "pmod(seed, 5000000) as bytes",
                        "48 + (pmod(shiftright(seed, 16), 14) div 3) * 0.01D as latitude",
                        "11D as longitude",
                        "pmod(seed, 40) / 3D as speed_mps")
                .selectExpr("*", "date_format(event_time, 'yyyy-MM') as month");
    }

    private static Dataset<Row> accesses(SparkSession spark, int months) {
        return spark.range(months * 2000L)
                .selectExpr(
                        "timestamp'2015-01-01' + make_interval(0, int(id % " + months
                                + "), 0, int(pmod(xxhash64(id), 28)), int(pmod(xxhash64(id, 1), 24))) as hour",
                        "concat('user_data.activity/month=2015-', lpad(string(1 + pmod(xxhash64(id, 2), 12)), 2, '0')) as partition",
                        "1 + pmod(xxhash64(id, 3), 9) as accesses")
                .selectExpr("*", "date_format(hour, 'yyyy-MM-dd') as day");
    }
}
