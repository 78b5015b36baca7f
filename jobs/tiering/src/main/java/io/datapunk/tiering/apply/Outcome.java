package io.datapunk.tiering.apply;

import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.RowChecksum;

/** What a worker reports of a move. */
sealed interface Outcome {
    /** A verified copy that nobody sees yet. */
    record Copied(Move move, FileMover.Copy copy, RowChecksum checksum) implements Outcome {}

    /** A verified load that PostgreSQL serves. */
    record Loaded(Move move, RowChecksum checksum) implements Outcome {}

    record NotCopied(Move move, LakeException problem) implements Outcome {}

    record NotLoaded(Move move, LakeException problem) implements Outcome {}

    /** The process is dying; nothing may go on. */
    record Died(Error error) implements Outcome {}
}
