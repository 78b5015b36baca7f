package io.datapunk.lake.model.table;

import static io.datapunk.lake.model.table.ColumnType.Primitive.STRING;
import static io.datapunk.lake.model.table.ColumnType.Primitive.TIMESTAMP;

import java.util.ArrayList;
import java.util.List;

/** The columns of an event's time, and the partition columns that follow from it. */
public final class EventColumns {
    public static final String EVENT_TIME = "event_time";
    public static final String EVENT_ZONE = "event_zone";
    public static final String ZONE_CERTAINTY = "zone_certainty";
    public static final String MONTH = "month";
    public static final String DAY = "day";

    /** The month of a row without an event time. */
    public static final String UNDATED = "undated";

    private static final Column EVENT_TIME_COLUMN = Column.optional(EVENT_TIME, TIMESTAMP, "When it happened")
            .withDistinctValues()
            .withStatistics();
    private static final Column EVENT_ZONE_COLUMN =
            Column.optional(EVENT_ZONE, STRING, "IANA name or offset that the source gave");
    private static final Column ZONE_CERTAINTY_COLUMN =
            Column.optional(ZONE_CERTAINTY, STRING, "exact, inferred or ambiguous");
    private static final Column MONTH_COLUMN =
            Column.required(MONTH, STRING, "UTC yyyy-MM of event_time; undated where there is none");

    private EventColumns() {}

    /** Provenance, time, the table's own columns, month. */
    static List<Column> eventTable(Column... own) {
        List<Column> columns = new ArrayList<>(ProvenanceColumns.COLUMNS);
        columns.addAll(List.of(EVENT_TIME_COLUMN, EVENT_ZONE_COLUMN, ZONE_CERTAINTY_COLUMN));
        columns.addAll(List.of(own));
        columns.add(MONTH_COLUMN);
        return columns;
    }

    /** Provenance, event time, the table's own columns, month. */
    static List<Column> recordTable(Column... own) {
        List<Column> columns = new ArrayList<>(ProvenanceColumns.COLUMNS);
        columns.add(EVENT_TIME_COLUMN);
        columns.addAll(List.of(own));
        columns.add(MONTH_COLUMN);
        return columns;
    }

    /** Provenance and the table's own columns. */
    static List<Column> provenanceAnd(Column... own) {
        List<Column> columns = new ArrayList<>(ProvenanceColumns.COLUMNS);
        columns.addAll(List.of(own));
        return columns;
    }
}
