package io.datapunk.analytics.communication;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count_distinct;
import static org.apache.spark.sql.functions.explode_outer;
import static org.apache.spark.sql.functions.lower;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.regexp_extract;
import static org.apache.spark.sql.functions.trim;
import static org.apache.spark.sql.functions.when;

import io.datapunk.analytics.publish.PublishedTable;
import io.datapunk.analytics.publish.Sources;
import io.datapunk.lake.model.table.CommunicationTable;
import io.datapunk.lake.model.table.EventColumns;
import io.datapunk.lake.model.table.MessagesTable;
import io.datapunk.lake.model.table.ProvenanceColumns;
import io.datapunk.lake.model.table.TableDefinition;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Counts messages by who sent them and who received them. */
public final class Communication implements PublishedTable {
    /** The address in {@code Ann Lee <ann@example.org>}. */
    private static final String ADDRESS = "<([^<>]+)>\\s*$";

    @Override
    public TableDefinition definition() {
        return CommunicationTable.DEFINITION;
    }

    @Override
    public List<TableDefinition> sources() {
        return List.of(MessagesTable.DEFINITION);
    }

    @Override
    public Dataset<Row> rows(Sources sources) {
        return sources.rows(MessagesTable.DEFINITION)
                .withColumn(CommunicationTable.RECIPIENT, explode_outer(col(MessagesTable.RECIPIENTS)))
                .groupBy(
                        col(CommunicationTable.USER_ID),
                        name(MessagesTable.SENDER).as(CommunicationTable.SENDER),
                        name(CommunicationTable.RECIPIENT).as(CommunicationTable.RECIPIENT),
                        col(EventColumns.MONTH))
                .agg(
                        count_distinct(col(ProvenanceColumns.ID)).as(CommunicationTable.MESSAGES),
                        count_distinct(coalesce(col(MessagesTable.THREAD_ID), col(ProvenanceColumns.ID)))
                                .as(CommunicationTable.THREADS),
                        min(EventColumns.EVENT_TIME).as(CommunicationTable.FIRST_AT),
                        max(EventColumns.EVENT_TIME).as(CommunicationTable.LAST_AT));
    }

    private static Column name(String column) {
        Column address = regexp_extract(col(column), ADDRESS, 1);
        Column name = lower(trim(when(address.notEqual(""), address).otherwise(col(column))));
        return when(name.notEqual(""), name);
    }
}
