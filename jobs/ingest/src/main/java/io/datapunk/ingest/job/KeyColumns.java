package io.datapunk.ingest.job;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.unix_micros;
import static org.apache.spark.sql.functions.xxhash64;

import io.datapunk.ingest.job.KeyRow.Origin;
import io.datapunk.ingest.record.MatchRule;
import io.datapunk.lake.model.table.ActivityTable;
import io.datapunk.lake.model.table.DuplicatesTable;
import io.datapunk.lake.model.table.EventColumns;
import io.datapunk.lake.model.table.ProvenanceColumns;
import io.datapunk.lake.model.table.TableDefinition;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;

/** The columns by which rows are compared, in one order for staged rows and for those of tables. */
final class KeyColumns {
    /** Hash of the key that rows are grouped by: a number is divided and sorted at a fraction of a text's cost. */
    static final String GROUP = "group";

    static final String TIME = "time";

    private static final String ORIGIN = "origin";
    private static final String DISTINCTION = "distinction";

    private static final int AT_GROUP = 0;
    private static final int AT_DATASET = 1;
    private static final int AT_ORIGIN = 2;
    private static final int AT_ID = 3;
    private static final int AT_MATCH_KEY = 4;
    private static final int AT_ROW = 5;
    private static final int AT_FILE = 6;
    private static final int AT_POSITION = 7;
    private static final int AT_TIME = 8;
    private static final int AT_CERTAINTY = 9;
    private static final int AT_LATITUDE = 10;
    private static final int AT_LONGITUDE = 11;
    private static final int AT_DISTINCTION = 12;
    private static final int AT_SOURCE = 13;

    private KeyColumns() {}

    /** The keys of staged rows. */
    static Dataset<Row> ofStaged(TableDefinition definition, Dataset<Row> rows) {
        return of(definition, rows, lit(Origin.STAGED.ordinal()), col(StagedTable.ROW), col(StagedTable.FILE));
    }

    /** The keys of a table's rows. */
    static Dataset<Row> ofTable(TableDefinition definition, Dataset<Row> rows, Column origin) {
        return of(definition, rows, origin, lit(0L), lit(0));
    }

    private static Dataset<Row> of(
            TableDefinition definition, Dataset<Row> rows, Column origin, Column row, Column file) {
        List<String> names = definition.columnNames();
        Optional<String> distinction = MatchRule.of(definition.name()).flatMap(MatchRule::distinctionColumn);
        return rows.select(
                xxhash64(col(ProvenanceColumns.MATCH_KEY)).as(GROUP),
                lit(definition.name().toString()).as(DuplicatesTable.DATASET),
                origin.as(ORIGIN),
                col(ProvenanceColumns.ID),
                col(ProvenanceColumns.MATCH_KEY),
                row.as(StagedTable.ROW),
                file.as(StagedTable.FILE),
                col(ProvenanceColumns.POSITION),
                unix_micros(col(EventColumns.EVENT_TIME)).as(TIME),
                optional(names, EventColumns.ZONE_CERTAINTY, "string"),
                optional(names, ActivityTable.LATITUDE, "double"),
                optional(names, ActivityTable.LONGITUDE, "double"),
                (distinction.isPresent() ? col(distinction.get()) : lit(null))
                        .cast("string")
                        .as(DISTINCTION),
                col(ProvenanceColumns.SOURCE));
    }

    private static Column optional(List<String> names, String name, String type) {
        return (names.contains(name) ? col(name) : lit(null)).cast(type).as(name);
    }

    static long group(InternalRow keys) {
        return keys.getLong(AT_GROUP);
    }

    static String dataset(InternalRow keys) {
        return keys.getString(AT_DATASET);
    }

    /** Microseconds since 1970, or null. */
    static Long time(InternalRow keys) {
        return keys.isNullAt(AT_TIME) ? null : keys.getLong(AT_TIME);
    }

    static KeyRow keyRow(InternalRow keys) {
        return new KeyRow(
                Origin.values()[keys.getInt(AT_ORIGIN)],
                keys.getString(AT_ID),
                keys.getString(AT_MATCH_KEY),
                keys.getString(AT_SOURCE),
                keys.getLong(AT_ROW),
                keys.getInt(AT_FILE),
                keys.getLong(AT_POSITION),
                time(keys),
                keys.isNullAt(AT_CERTAINTY) ? null : keys.getString(AT_CERTAINTY),
                keys.isNullAt(AT_LATITUDE) ? null : keys.getDouble(AT_LATITUDE),
                keys.isNullAt(AT_LONGITUDE) ? null : keys.getDouble(AT_LONGITUDE),
                keys.isNullAt(AT_DISTINCTION) ? null : keys.getString(AT_DISTINCTION));
    }
}
