package io.datapunk.lake.model.table;

import static io.datapunk.lake.model.table.ColumnType.Primitive.DOUBLE;
import static io.datapunk.lake.model.table.ColumnType.Primitive.INT;
import static io.datapunk.lake.model.table.ColumnType.Primitive.LONG;
import static io.datapunk.lake.model.table.ColumnType.Primitive.STRING;

import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.table.ColumnType.ArrayOf;
import io.datapunk.lake.model.table.TableDefinition.PartitionedBy;
import java.util.List;

/** Photos, videos and other media files, with what their sidecars say. */
public final class MediaTable {
    public static final String FILE_NAME = "file_name";
    public static final String MEDIA_TYPE = "media_type";
    public static final String BYTES = "bytes";
    public static final String SHA256 = "sha256";
    public static final String WIDTH_PX = "width_px";
    public static final String HEIGHT_PX = "height_px";
    public static final String DURATION_S = "duration_s";
    public static final String LATITUDE = "latitude";
    public static final String LONGITUDE = "longitude";
    public static final String ALBUM = "album";
    public static final String PEOPLE = "people";
    public static final String SIDECAR = "sidecar";
    public static final String DETAIL = "detail";

    public static final TableDefinition DEFINITION = new TableDefinition(
            new DatasetName("user_data", "media"),
            PartitionedBy.MONTH,
            EventColumns.eventTable(
                    Column.optional(FILE_NAME, STRING, "Name of the media file"),
                    Column.optional(MEDIA_TYPE, STRING, "IANA media type by content"),
                    Column.optional(BYTES, LONG, "Size of the media file"),
                    Column.optional(SHA256, STRING, "SHA-256 of the media file, hex")
                            .withDistinctValues(),
                    Column.optional(WIDTH_PX, INT, "Pixels"),
                    Column.optional(HEIGHT_PX, INT, "Pixels"),
                    Column.optional(DURATION_S, DOUBLE, "Seconds"),
                    Column.optional(LATITUDE, DOUBLE, "WGS84 degrees"),
                    Column.optional(LONGITUDE, DOUBLE, "WGS84 degrees"),
                    Column.optional(ALBUM, STRING, "Album"),
                    Column.optional(PEOPLE, new ArrayOf(STRING), "People that the source names"),
                    Column.optional(SIDECAR, STRING, "Path of the sidecar inside the export"),
                    Column.optional(DETAIL, STRING, "All other fields of the sidecar, as a JSON object")),
            List.of(ProvenanceColumns.USER_ID, EventColumns.EVENT_TIME),
            true,
            "Photos, videos and other media files, with what their sidecars say.");

    private MediaTable() {}
}
