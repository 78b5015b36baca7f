package io.datapunk.lake.index;

/**
 * A file of a shard.
 *
 * @param path relative to the shard's folder
 * @param sha256 64 hexadecimal digits
 */
public record IndexFile(String path, long bytes, String sha256) {}
