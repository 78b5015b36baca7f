package io.datapunk.lake.model.table;

import static io.datapunk.lake.model.table.ColumnType.Primitive.DOUBLE;
import static io.datapunk.lake.model.table.ColumnType.Primitive.STRING;

import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.table.TableDefinition.PartitionedBy;
import java.util.List;

/** Where a device was. */
public final class LocationsTable {
    public static final String LATITUDE = "latitude";
    public static final String LONGITUDE = "longitude";
    public static final String ALTITUDE_M = "altitude_m";
    public static final String ACCURACY_M = "accuracy_m";
    public static final String SPEED_MPS = "speed_mps";
    public static final String HEADING_DEG = "heading_deg";
    public static final String DEVICE = "device";
    public static final String ORIGIN = "origin";
    public static final String CELL = "cell";
    public static final String DETAIL = "detail";

    public static final TableDefinition DEFINITION = new TableDefinition(
            new DatasetName("user_data", "locations"),
            PartitionedBy.MONTH,
            EventColumns.eventTable(
                    Column.optional(LATITUDE, DOUBLE, "WGS84 degrees").withDistinctValues(),
                    Column.optional(LONGITUDE, DOUBLE, "WGS84 degrees").withDistinctValues(),
                    Column.optional(ALTITUDE_M, DOUBLE, "Metres above the ellipsoid"),
                    Column.optional(ACCURACY_M, DOUBLE, "Radius of 68 % confidence, metres"),
                    Column.optional(SPEED_MPS, DOUBLE, "Metres per second"),
                    Column.optional(HEADING_DEG, DOUBLE, "Degrees clockwise from north"),
                    Column.optional(DEVICE, STRING, "Device, as the source names it"),
                    Column.optional(ORIGIN, STRING, "How it was found: gps, wifi, cell, visit, segment, …"),
                    Column.optional(CELL, STRING, "H3 cell for grouping"),
                    Column.optional(DETAIL, STRING, "All other fields of the source, as a JSON object")),
            List.of(ProvenanceColumns.USER_ID, EventColumns.EVENT_TIME),
            true,
            "Where a device was.");

    private LocationsTable() {}
}
