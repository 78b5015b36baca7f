package io.datapunk.archive.expire;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;

import io.datapunk.lake.hold.Hold;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.table.EventColumns;
import io.datapunk.lake.model.table.ProvenanceColumns;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.catalyst.util.QuotingUtils;

/** What is asked of single rows of a table. Conditions are never null: a row that lacks what a hold asks for is held. */
final class RowConditions {
    private final Set<String> columns;

    /** @param columns that the table has */
    RowConditions(Set<String> columns) {
        this.columns = columns;
    }

    boolean tellIngest() {
        return columns.contains(ProvenanceColumns.INGESTED_AT);
    }

    boolean tellPersons() {
        return columns.contains(ProvenanceColumns.USER_ID);
    }

    Column ingested() {
        return micros(ProvenanceColumns.INGESTED_AT);
    }

    Column event() {
        return micros(EventColumns.EVENT_TIME);
    }

    /** @param micros since the epoch; null where nothing is due */
    Column enteredBefore(Column micros) {
        return coalesce(ingested().lt(micros), lit(false));
    }

    /** Rows that are due and that no hold may protect. */
    Column due(Instant enteredBefore, DatasetName dataset, List<Hold> holds) {
        return enteredBefore(lit(micros(enteredBefore))).and(not(held(dataset, holds)));
    }

    /** Whether one of the holds may protect a row. */
    Column held(DatasetName dataset, List<Hold> holds) {
        return holds.stream()
                .filter(hold -> hold.mayProtect(dataset))
                .map(this::held)
                .reduce(lit(false), Column::or);
    }

    private Column held(Hold hold) {
        Column his = hold.userId()
                .filter(user -> tellPersons())
                .map(user -> coalesce(col(ProvenanceColumns.USER_ID).equalTo(user), lit(true)))
                .orElse(lit(true));
        Column since = hold.from()
                .map(from -> coalesce(event().geq(micros(from)), lit(true)))
                .orElse(lit(true));
        Column until =
                hold.to().map(to -> coalesce(event().lt(micros(to)), lit(true))).orElse(lit(true));
        return his.and(since).and(until);
    }

    /** Since the epoch; null where there is no such column, or it has no time. */
    private Column micros(String name) {
        return columns.contains(name)
                ? expr("unix_micros(try_cast(" + QuotingUtils.quoteIdentifier(name) + " AS timestamp))")
                : lit(null).cast("bigint");
    }

    static long micros(Instant time) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, time);
    }
}
