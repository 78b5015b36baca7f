package io.datapunk.ingest.record;

import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.table.ActivityTable;
import io.datapunk.lake.model.table.LocationsTable;
import io.datapunk.lake.model.table.MediaTable;
import io.datapunk.lake.model.table.MessagesTable;
import io.datapunk.lake.model.table.RecordsTable;
import java.util.List;

/** The columns of one table beyond provenance and time. A component is null where the source says nothing. */
public sealed interface Payload {
    /** The table that the record belongs to. */
    DatasetName dataset();

    /** A row of {@code user_data.activity}. */
    record Activity(
            String product,
            String kind,
            String title,
            String url,
            String detail,
            Double latitude,
            Double longitude,
            String language)
            implements Payload {
        @Override
        public DatasetName dataset() {
            return ActivityTable.DEFINITION.name();
        }
    }

    /** A row of {@code user_data.messages}. */
    record Message(
            String threadId,
            String messageId,
            String sender,
            List<String> recipients,
            List<String> labels,
            String subject,
            String text,
            List<Attachment> attachments,
            String language,
            String detail)
            implements Payload {
        public Message {
            recipients = List.copyOf(recipients);
            labels = List.copyOf(labels);
            attachments = List.copyOf(attachments);
        }

        @Override
        public DatasetName dataset() {
            return MessagesTable.DEFINITION.name();
        }
    }

    /** A row of {@code user_data.locations}. */
    record Location(
            Double latitude,
            Double longitude,
            Double altitudeM,
            Double accuracyM,
            Double speedMps,
            Double headingDeg,
            String device,
            String origin,
            String cell,
            String detail)
            implements Payload {
        @Override
        public DatasetName dataset() {
            return LocationsTable.DEFINITION.name();
        }
    }

    /** A row of {@code user_data.media}. */
    record Media(
            String fileName,
            String mediaType,
            Long bytes,
            String sha256,
            Integer widthPx,
            Integer heightPx,
            Double durationS,
            Double latitude,
            Double longitude,
            String album,
            List<String> people,
            String sidecar,
            String detail)
            implements Payload {
        public Media {
            people = List.copyOf(people);
        }

        @Override
        public DatasetName dataset() {
            return MediaTable.DEFINITION.name();
        }
    }

    /** A row of {@code imports.records}: a document that no typed table has a place for. */
    record RawDocument(String kind, String document) implements Payload {
        @Override
        public DatasetName dataset() {
            return RecordsTable.DEFINITION.name();
        }
    }
}
