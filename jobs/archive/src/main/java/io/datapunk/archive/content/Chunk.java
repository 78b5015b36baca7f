package io.datapunk.archive.content;

import java.io.Serializable;

/**
 * A piece of an entry, known by its content.
 *
 * @param sha256 of its bytes, 64 lower-case hex digits
 */
public record Chunk(String sha256, int bytes) implements Serializable {}
