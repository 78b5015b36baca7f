package io.datapunk.ingest.framing;

/** What a framing could tell about the bytes of a frame. */
public enum FrameState {
    /** The frame is one record, as far as its borders tell. */
    COMPLETE,
    /** The bytes between two places where the structure holds; a parser must not read them, only quarantine them. */
    BROKEN,
    /** The record is longer than the limit; only its beginning is in the buffer. */
    OVERLONG
}
