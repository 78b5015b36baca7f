package io.datapunk.archive.content;

/**
 * Where a chunk lies.
 *
 * @param segment its name
 * @param offset of the chunk's first byte among the segment's bytes before compression
 */
public record ChunkPlace(String segment, long offset) {}
