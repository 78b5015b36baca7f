package io.datapunk.vectors.embed;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.to_json;
import static org.apache.spark.sql.functions.unix_micros;
import static org.apache.spark.sql.functions.when;

import io.datapunk.lake.model.RowChange;
import io.datapunk.lake.model.table.VectorsTable;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** What a table of vectors lacks, and what it has too much, beside its source. */
final class RowChanges {
    private static final String KEPT = "kept_";
    private static final String IN_SOURCE = "in_source";

    private RowChanges() {}

    /**
     * What changes in a month.
     *
     * @param read rows of the source
     * @param empty those among them that have nothing to make a vector of
     * @param unfit those whose vectors cannot be taken
     */
    record MonthCount(String month, long read, long empty, long unfit, long inserted, long updated, long deleted) {
        long written() {
            return inserted + updated;
        }
    }

    /**
     * Compares by key.
     *
     * @param source of {@link SourceRows}
     * @param kept the table of vectors, of the same months
     * @return the source's rows, those that are only in the table, and {@link RowChange#COLUMN}, null where nothing changes
     */
    static Dataset<Row> of(Dataset<Row> source, Dataset<Row> kept) {
        Column has = col(VectorsTable.CONTENT_SHA256).isNotNull();
        Column had = col(KEPT + VectorsTable.ID).isNotNull();
        Column change = when(has.and(not(had)), lit(RowChange.INSERT.code()))
                .when(had.and(not(has)), lit(RowChange.DELETE.code()))
                .when(had.and(not(same())), lit(RowChange.UPDATE.code()));
        return source.join(
                        kept(kept),
                        col(VectorsTable.ID)
                                .equalTo(col(KEPT + VectorsTable.ID))
                                .and(col(VectorsTable.MONTH).equalTo(col(KEPT + VectorsTable.MONTH))),
                        "full_outer")
                .withColumn(RowChange.COLUMN, change)
                .withColumn(IN_SOURCE, col(VectorsTable.ID).isNotNull())
                .withColumn(VectorsTable.ID, coalesce(col(VectorsTable.ID), col(KEPT + VectorsTable.ID)))
                .withColumn(VectorsTable.MONTH, coalesce(col(VectorsTable.MONTH), col(KEPT + VectorsTable.MONTH)))
                .select(Stream.concat(Stream.of(SourceRows.SCHEMA.fieldNames()), Stream.of(RowChange.COLUMN, IN_SOURCE))
                        .map(name -> col(name))
                        .toArray(Column[]::new));
    }

    private static Dataset<Row> kept(Dataset<Row> table) {
        return table.select(
                col(VectorsTable.ID).as(KEPT + VectorsTable.ID),
                col(VectorsTable.MONTH).as(KEPT + VectorsTable.MONTH),
                col(VectorsTable.CONTENT_SHA256).as(KEPT + VectorsTable.CONTENT_SHA256),
                col(VectorsTable.USER_ID).as(KEPT + VectorsTable.USER_ID),
                unix_micros(col(VectorsTable.EVENT_TIME)).as(KEPT + SourceRows.EVENT_MICROS),
                col(VectorsTable.ATTRIBUTES).as(KEPT + VectorsTable.ATTRIBUTES));
    }

    private static Column same() {
        Column attributes = to_json(col(VectorsTable.ATTRIBUTES)).equalTo(to_json(col(KEPT + VectorsTable.ATTRIBUTES)));
        return Stream.of(VectorsTable.CONTENT_SHA256, VectorsTable.USER_ID, SourceRows.EVENT_MICROS)
                .map(name -> col(name).eqNullSafe(col(KEPT + name)))
                .reduce(attributes, Column::and);
    }

    static Column is(RowChange change) {
        return coalesce(col(RowChange.COLUMN).equalTo(change.code()), lit(false));
    }

    /** Counts; in no order. */
    static List<MonthCount> count(Dataset<Row> changes) {
        Column empty =
                col(IN_SOURCE).and(col(VectorsTable.CONTENT_SHA256).isNull()).and(not(col(SourceRows.UNFIT)));
        return changes
                .groupBy(VectorsTable.MONTH)
                .agg(
                        count_if(col(IN_SOURCE)),
                        count_if(empty),
                        count_if(col(SourceRows.UNFIT)),
                        count_if(is(RowChange.INSERT)),
                        count_if(is(RowChange.UPDATE)),
                        count_if(is(RowChange.DELETE)))
                .collectAsList()
                .stream()
                .map(row -> new MonthCount(
                        row.getString(0),
                        row.getLong(1),
                        row.getLong(2),
                        row.getLong(3),
                        row.getLong(4),
                        row.getLong(5),
                        row.getLong(6)))
                .toList();
    }
}
