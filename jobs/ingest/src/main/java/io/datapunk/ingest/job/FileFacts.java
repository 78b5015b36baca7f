package io.datapunk.ingest.job;

import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.table.Column;
import io.datapunk.lake.model.table.ColumnType;
import io.datapunk.lake.model.table.ColumnType.Primitive;
import io.datapunk.lake.model.table.ImportFilesTable;
import io.datapunk.lake.model.table.TableDefinition;
import io.datapunk.lake.model.table.TableDefinition.PartitionedBy;
import java.util.List;

/** What a task found out about one entry, or about one range of it; staged like rows, because there can be a million. */
final class FileFacts {
    /** The staged table. Facts of the ranges of one entry are joined before they become {@code imports.files}. */
    static final TableDefinition DEFINITION = new TableDefinition(
            new DatasetName("staging", "files"),
            PartitionedBy.NOTHING,
            List.of(
                    required(ImportFilesTable.CONTAINER, Primitive.STRING),
                    required(ImportFilesTable.ENTRY, Primitive.STRING),
                    required(ImportFilesTable.BYTES, Primitive.LONG),
                    optional(ImportFilesTable.SHA256, Primitive.STRING),
                    optional(ImportFilesTable.MEDIA_TYPE, Primitive.STRING),
                    optional(ImportFilesTable.DECLARED_TYPE, Primitive.STRING),
                    optional(ImportFilesTable.ENCODING, Primitive.STRING),
                    optional(ImportFilesTable.PARSER, Primitive.STRING),
                    optional("parser_version", Primitive.INT),
                    required(ImportFilesTable.STATUS, Primitive.STRING),
                    required(ImportFilesTable.READ, Primitive.LONG),
                    required(ImportFilesTable.QUARANTINED, Primitive.LONG)),
            List.of(),
            false,
            "What is known of an entry, or of a range of it");

    /** It was read by a parser. */
    static final String PARSED = "parsed";
    /** No parser reads it; it is accounted for. */
    static final String STORED = "stored";
    /** Left out on purpose. */
    static final String SKIPPED = "skipped";
    /** Could not be read. */
    static final String REJECTED = "rejected";

    String container;
    String entry;
    long bytes;
    String sha256;
    String mediaType;
    String declaredType;
    String encoding;
    String parser;
    Integer parserVersion;
    String status = STORED;
    long read;
    long quarantined;

    Object[] values() {
        return new Object[] {
            container,
            entry,
            bytes,
            sha256,
            mediaType,
            declaredType,
            encoding,
            parser,
            parserVersion,
            status,
            read,
            quarantined
        };
    }

    private static Column required(String name, ColumnType type) {
        return new Column(name, type, false, false, false, "");
    }

    private static Column optional(String name, ColumnType type) {
        return new Column(name, type, true, false, false, "");
    }
}
