package io.datapunk.ingest.record;

/** What a parser made of one place in an entry. Every record read becomes exactly one of the two kinds. */
public sealed interface ParsedRecord permits AcceptedRecord, RejectedRecord {
    /** Byte offset in the entry. */
    long position();
}
