package io.datapunk.lake.manifest;

/**
 * What a file's bytes are.
 *
 * @param sha256 64 hex digits
 * @param staleChecksum whether Hadoop's own checksum file beside it does not fit, so that Hadoop's readers refuse the file
 */
record FileDigest(long bytes, String sha256, boolean staleChecksum) {}
