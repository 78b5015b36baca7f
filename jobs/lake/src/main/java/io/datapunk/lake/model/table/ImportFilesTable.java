package io.datapunk.lake.model.table;

import static io.datapunk.lake.model.table.ColumnType.Primitive.LONG;
import static io.datapunk.lake.model.table.ColumnType.Primitive.STRING;

import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.table.TableDefinition.PartitionedBy;
import java.util.List;

/** One row for each entry of each import; written last, it is the import's commit point. */
public final class ImportFilesTable {
    public static final String IMPORT_ID = "import_id";
    public static final String CONTAINER = "container";
    public static final String ENTRY = "entry";
    public static final String BYTES = "bytes";
    public static final String SHA256 = "sha256";
    public static final String MEDIA_TYPE = "media_type";
    public static final String DECLARED_TYPE = "declared_type";
    public static final String ENCODING = "encoding";
    public static final String PARSER = "parser";
    public static final String SCAN = "scan";
    public static final String STATUS = "status";
    public static final String READ = "read";
    public static final String ACCEPTED = "accepted";
    public static final String DUPLICATES = "duplicates";
    public static final String QUARANTINED = "quarantined";

    public static final TableDefinition DEFINITION = new TableDefinition(
            new DatasetName("imports", "files"),
            PartitionedBy.NOTHING,
            List.of(
                    Column.required(IMPORT_ID, STRING, "The import"),
                    Column.required(CONTAINER, STRING, "Name of the container"),
                    Column.required(ENTRY, STRING, "Path inside the export"),
                    Column.required(BYTES, LONG, "Size, decompressed"),
                    Column.optional(SHA256, STRING, "SHA-256 of the entry, hex"),
                    Column.optional(MEDIA_TYPE, STRING, "IANA media type by content"),
                    Column.optional(DECLARED_TYPE, STRING, "Media type that the name says"),
                    Column.optional(ENCODING, STRING, "Character set"),
                    Column.optional(PARSER, STRING, "Format that read it"),
                    Column.required(SCAN, STRING, "CLEAN, INFECTED or NOT_SCANNED"),
                    Column.required(STATUS, STRING, "parsed, stored, skipped or rejected"),
                    Column.required(READ, LONG, "Records that were read"),
                    Column.required(ACCEPTED, LONG, "Records that became rows"),
                    Column.required(DUPLICATES, LONG, "Records left out as duplicates"),
                    Column.required(QUARANTINED, LONG, "Records put into quarantine")),
            List.of(),
            false,
            "One row for each entry of each import; written last, it is the import's commit point.");

    private ImportFilesTable() {}
}
