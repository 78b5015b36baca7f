package io.datapunk.archive.retention;

import java.time.Instant;

/**
 * Rows of a partition whose own time is over, whatever that of the others is.
 *
 * @param enteredBefore they entered the lake before this time
 * @param rows of them that no hold protects
 * @param held of them that one may protect
 */
public record DueRows(Instant enteredBefore, long rows, long held) {}
