/**
 * What the lake remembers of its tables' files, outside of the tables: Delta reads a log that lost its end, or a file that
 * holds other bytes, without a word. {@link io.datapunk.lake.manifest.ManifestFolder} has the format.
 */
package io.datapunk.lake.manifest;
