package io.datapunk.lake.manifest;

import io.datapunk.lake.delta.LoggedFile;

/**
 * A data file as it was when it was taken in.
 *
 * @param sha256 64 hex digits over its bytes; empty where they were not read, because the file was gone, was not whole, or
 *     hashing is switched off
 * @param vectorSha256 the same for the file of its deletion vector
 */
record DataRecord(LoggedFile file, String sha256, String vectorSha256) {}
