package io.datapunk.lake.model.table;

import static io.datapunk.lake.model.table.ColumnType.Primitive.LONG;
import static io.datapunk.lake.model.table.ColumnType.Primitive.STRING;

import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.table.ColumnType.ArrayOf;
import io.datapunk.lake.model.table.ColumnType.Field;
import io.datapunk.lake.model.table.ColumnType.StructOf;
import io.datapunk.lake.model.table.TableDefinition.PartitionedBy;
import java.util.List;

/** Mails and chat messages. */
public final class MessagesTable {
    public static final String THREAD_ID = "thread_id";
    public static final String MESSAGE_ID = "message_id";
    public static final String SENDER = "sender";
    public static final String RECIPIENTS = "recipients";
    public static final String LABELS = "labels";
    public static final String SUBJECT = "subject";
    public static final String TEXT = "text";
    public static final String ATTACHMENTS = "attachments";
    public static final String LANGUAGE = "language";
    public static final String DETAIL = "detail";

    public static final String ATTACHMENT_NAME = "name";
    public static final String ATTACHMENT_MEDIA_TYPE = "media_type";
    public static final String ATTACHMENT_BYTES = "bytes";
    public static final String ATTACHMENT_SHA256 = "sha256";

    private static final StructOf ATTACHMENT = new StructOf(List.of(
            new Field(ATTACHMENT_NAME, STRING),
            new Field(ATTACHMENT_MEDIA_TYPE, STRING),
            new Field(ATTACHMENT_BYTES, LONG),
            new Field(ATTACHMENT_SHA256, STRING)));

    public static final TableDefinition DEFINITION = new TableDefinition(
            new DatasetName("user_data", "messages"),
            PartitionedBy.MONTH,
            EventColumns.eventTable(
                    Column.optional(THREAD_ID, STRING, "Conversation, as the source names it"),
                    Column.optional(MESSAGE_ID, STRING, "Message-ID header, or the source's own id")
                            .withDistinctValues(),
                    Column.optional(SENDER, STRING, "Address or name of the sender"),
                    Column.optional(RECIPIENTS, new ArrayOf(STRING), "Addresses or names of all recipients"),
                    Column.optional(LABELS, new ArrayOf(STRING), "Labels or folders"),
                    Column.optional(SUBJECT, STRING, "Subject"),
                    Column.optional(TEXT, STRING, "Plain text of the body").withDistinctValues(),
                    Column.optional(
                            ATTACHMENTS,
                            new ArrayOf(ATTACHMENT),
                            "Name, media type, size and SHA-256 of each attachment"),
                    Column.optional(LANGUAGE, STRING, "BCP 47 tag of the text, where it is known"),
                    Column.optional(DETAIL, STRING, "Names and threads of the source, as a JSON object")),
            List.of(ProvenanceColumns.USER_ID, EventColumns.EVENT_TIME),
            true,
            "Mails and chat messages.");

    private MessagesTable() {}
}
