package io.datapunk.lake.postgres;

import io.datapunk.lake.model.RowChecksum;

/**
 * A collection that has been loaded and is not served yet.
 *
 * @param leaf the table that holds it, in schema {@code lake_vectors}
 * @param deltaVersion version of the Delta table that was read
 * @param expected checksum of the rows as the tasks read them from Delta; vectors as half precision holds them where it is
 *     used
 */
public record VectorLoad(
        String collection, String leaf, long deltaVersion, VectorLayout layout, RowChecksum expected) {}
