package io.datapunk.archive.backup.point;

/**
 * Some bytes of a file: where in which object they lie.
 *
 * @param object its id
 */
public record Piece(String object, long offset, long bytes) {}
