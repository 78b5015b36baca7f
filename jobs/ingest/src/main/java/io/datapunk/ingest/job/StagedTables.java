package io.datapunk.ingest.job;

import io.datapunk.ingest.record.AcceptedRecord;
import io.datapunk.ingest.record.Attachment;
import io.datapunk.ingest.record.EventTime;
import io.datapunk.ingest.record.Payload;
import io.datapunk.ingest.record.Payload.Activity;
import io.datapunk.ingest.record.Payload.Location;
import io.datapunk.ingest.record.Payload.Media;
import io.datapunk.ingest.record.Payload.Message;
import io.datapunk.ingest.record.Payload.RawDocument;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.table.ActivityTable;
import io.datapunk.lake.model.table.Column;
import io.datapunk.lake.model.table.EventColumns;
import io.datapunk.lake.model.table.LocationsTable;
import io.datapunk.lake.model.table.MediaTable;
import io.datapunk.lake.model.table.MessagesTable;
import io.datapunk.lake.model.table.ProvenanceColumns;
import io.datapunk.lake.model.table.RecordsTable;
import io.datapunk.lake.model.table.TableDefinition;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The tables that records become rows of, and how a record's values stand in a staged row. */
final class StagedTables {
    /** The tables in the order in which they are written. */
    static final List<TableDefinition> DEFINITIONS = List.of(
            ActivityTable.DEFINITION,
            LocationsTable.DEFINITION,
            MessagesTable.DEFINITION,
            MediaTable.DEFINITION,
            RecordsTable.DEFINITION);

    private final Map<DatasetName, Layout> layouts = new LinkedHashMap<>();

    StagedTables() {
        DEFINITIONS.forEach(definition -> layouts.put(definition.name(), new Layout(new StagedTable(definition))));
    }

    StagedTable table(DatasetName dataset) {
        return layouts.get(dataset).table();
    }

    /** Where a column's value stands in a row of the table. */
    private record Layout(StagedTable table, Map<String, Integer> index) {
        Layout(StagedTable table) {
            this(table, new LinkedHashMap<>());
            int at = 0;
            for (Column column : table.columns()) {
                index.put(column.name(), at++);
            }
        }

        void set(Object[] values, String column, Object value) {
            values[index.get(column)] = value;
        }

        boolean has(String column) {
            return index.containsKey(column);
        }
    }

    /** The month of a record: the partition that its row goes to. */
    static String month(AcceptedRecord record) {
        if (record.time().isEmpty()) {
            return EventColumns.UNDATED;
        }
        String date = record.time()
                .get()
                .instant()
                .atOffset(ZoneOffset.UTC)
                .toLocalDate()
                .toString();
        // Years before 0 and after 9999 have a sign; the day is always the last three characters
        return date.substring(0, date.length() - 3);
    }

    /** The values of a record's row. */
    Object[] values(AcceptedRecord record, String id, String matchKey, String source, String entry, String month) {
        Layout layout = layouts.get(record.payload().dataset());
        Object[] values = new Object[layout.table().columns().size()];
        layout.set(values, ProvenanceColumns.ID, id);
        layout.set(values, ProvenanceColumns.MATCH_KEY, matchKey);
        layout.set(values, ProvenanceColumns.SOURCE, source);
        layout.set(values, ProvenanceColumns.ENTRY, entry);
        layout.set(values, ProvenanceColumns.POSITION, record.position());
        layout.set(values, EventColumns.MONTH, month);
        if (record.time().isPresent()) {
            EventTime time = record.time().get();
            layout.set(values, EventColumns.EVENT_TIME, time.epochMicros());
            if (layout.has(EventColumns.EVENT_ZONE)) {
                layout.set(values, EventColumns.EVENT_ZONE, time.zone().orElse(null));
                layout.set(values, EventColumns.ZONE_CERTAINTY, time.certainty().columnValue());
            }
        }
        payload(layout, values, record.payload());
        return values;
    }

    private static void payload(Layout layout, Object[] values, Payload payload) {
        if (payload instanceof Activity activity) {
            layout.set(values, ActivityTable.PRODUCT, activity.product());
            layout.set(values, ActivityTable.KIND, activity.kind());
            layout.set(values, ActivityTable.TITLE, activity.title());
            layout.set(values, ActivityTable.URL, activity.url());
            layout.set(values, ActivityTable.DETAIL, activity.detail());
            layout.set(values, ActivityTable.LATITUDE, activity.latitude());
            layout.set(values, ActivityTable.LONGITUDE, activity.longitude());
            layout.set(values, ActivityTable.LANGUAGE, activity.language());
        } else if (payload instanceof Location location) {
            layout.set(values, LocationsTable.LATITUDE, location.latitude());
            layout.set(values, LocationsTable.LONGITUDE, location.longitude());
            layout.set(values, LocationsTable.ALTITUDE_M, location.altitudeM());
            layout.set(values, LocationsTable.ACCURACY_M, location.accuracyM());
            layout.set(values, LocationsTable.SPEED_MPS, location.speedMps());
            layout.set(values, LocationsTable.HEADING_DEG, location.headingDeg());
            layout.set(values, LocationsTable.DEVICE, location.device());
            layout.set(values, LocationsTable.ORIGIN, location.origin());
            layout.set(values, LocationsTable.CELL, location.cell());
            layout.set(values, LocationsTable.DETAIL, location.detail());
        } else if (payload instanceof Message message) {
            layout.set(values, MessagesTable.THREAD_ID, message.threadId());
            layout.set(values, MessagesTable.MESSAGE_ID, message.messageId());
            layout.set(values, MessagesTable.SENDER, message.sender());
            layout.set(values, MessagesTable.RECIPIENTS, message.recipients());
            layout.set(values, MessagesTable.LABELS, message.labels());
            layout.set(values, MessagesTable.SUBJECT, message.subject());
            layout.set(values, MessagesTable.TEXT, message.text());
            layout.set(
                    values,
                    MessagesTable.ATTACHMENTS,
                    message.attachments().stream().map(StagedTables::attachment).toList());
            layout.set(values, MessagesTable.LANGUAGE, message.language());
            layout.set(values, MessagesTable.DETAIL, message.detail());
        } else if (payload instanceof Media media) {
            media(layout, values, media);
        } else {
            RawDocument document = (RawDocument) payload;
            layout.set(values, RecordsTable.DOCUMENT, document.document());
            layout.set(values, RecordsTable.KIND, document.kind());
        }
    }

    private static void media(Layout layout, Object[] values, Media media) {
        layout.set(values, MediaTable.FILE_NAME, media.fileName());
        layout.set(values, MediaTable.MEDIA_TYPE, media.mediaType());
        layout.set(values, MediaTable.BYTES, media.bytes());
        layout.set(values, MediaTable.SHA256, media.sha256());
        layout.set(values, MediaTable.WIDTH_PX, media.widthPx());
        layout.set(values, MediaTable.HEIGHT_PX, media.heightPx());
        layout.set(values, MediaTable.DURATION_S, media.durationS());
        layout.set(values, MediaTable.LATITUDE, media.latitude());
        layout.set(values, MediaTable.LONGITUDE, media.longitude());
        layout.set(values, MediaTable.ALBUM, media.album());
        layout.set(values, MediaTable.PEOPLE, media.people());
        layout.set(values, MediaTable.SIDECAR, media.sidecar());
        layout.set(values, MediaTable.DETAIL, media.detail());
    }

    private static Object[] attachment(Attachment attachment) {
        return new Object[] {attachment.name(), attachment.mediaType(), attachment.bytes(), attachment.sha256()};
    }
}
