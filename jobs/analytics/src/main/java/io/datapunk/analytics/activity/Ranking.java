package io.datapunk.analytics.activity;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.get_json_object;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.lower;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.rank;
import static org.apache.spark.sql.functions.regexp_extract;
import static org.apache.spark.sql.functions.regexp_replace;
import static org.apache.spark.sql.functions.when;

import io.datapunk.analytics.publish.PublishedTable;
import io.datapunk.analytics.publish.Sources;
import io.datapunk.lake.model.table.ActivityTable;
import io.datapunk.lake.model.table.EventColumns;
import io.datapunk.lake.model.table.RankingTables;
import io.datapunk.lake.model.table.TableDefinition;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;

/**
 * Ranks what people did something with, by month.
 *
 * @param definition of the ranking's table
 * @param name of what an activity was done with; null where it does not count
 * @param most so many of each person and month; equal ones at the end come along
 */
public record Ranking(TableDefinition definition, Column name, int most) implements PublishedTable {
    private static final String HOST = "^[a-z][a-z0-9+.-]*://(?:[^/?#@]*@)?(?:www\\.)?([^/?#:]+)";

    /** What comes before it is the artist, in the names of the channels that YouTube makes for music. */
    private static final String TOPIC = " - Topic$";

    /** The domains of the addresses that people visited or opened. */
    public static Ranking domains(int most) {
        Column host = regexp_extract(lower(col(ActivityTable.URL)), HOST, 1);
        return new Ranking(RankingTables.DOMAINS, when(host.notEqual(""), host), most);
    }

    /** The channels of YouTube: the export names them in a video's first subtitle. */
    public static Ranking channels(int most) {
        return new Ranking(
                RankingTables.CHANNELS,
                when(
                        col(ActivityTable.PRODUCT).equalTo("YouTube"),
                        get_json_object(col(ActivityTable.DETAIL), "$.subtitles[0].name")),
                most);
    }

    /** The artists of YouTube Music. */
    public static Ranking artists(int most) {
        return new Ranking(
                RankingTables.ARTISTS,
                when(
                        col(ActivityTable.PRODUCT).equalTo("YouTube Music"),
                        regexp_replace(get_json_object(col(ActivityTable.DETAIL), "$.subtitles[0].name"), TOPIC, "")),
                most);
    }

    @Override
    public List<TableDefinition> sources() {
        return List.of(ActivityTable.DEFINITION);
    }

    @Override
    public String settings() {
        return Integer.toString(most);
    }

    @Override
    public Dataset<Row> rows(Sources sources) {
        return sources.rows(ActivityTable.DEFINITION)
                .where(col(EventColumns.EVENT_TIME).isNotNull())
                .withColumn(RankingTables.NAME, name)
                .where(col(RankingTables.NAME).isNotNull())
                .groupBy(RankingTables.USER_ID, EventColumns.MONTH, RankingTables.NAME)
                .agg(
                        count(lit(1)).as(RankingTables.EVENTS),
                        min(EventColumns.EVENT_TIME).as(RankingTables.FIRST_AT),
                        max(EventColumns.EVENT_TIME).as(RankingTables.LAST_AT))
                .withColumn(
                        RankingTables.RANK,
                        rank().over(Window.partitionBy(RankingTables.USER_ID, EventColumns.MONTH)
                                .orderBy(col(RankingTables.EVENTS).desc())))
                .where(col(RankingTables.RANK).leq(most));
    }
}
