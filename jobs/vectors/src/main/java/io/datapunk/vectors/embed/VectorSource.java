package io.datapunk.vectors.embed;

import java.util.Optional;

/**
 * Where a collection's vectors come from.
 *
 * @param modelVersion empty where they come with their rows
 * @param normalised whether they have length 1
 * @param encoder the model; empty where they come with their rows
 */
record VectorSource(
        String model, String modelVersion, boolean normalised, ContentReader reader, Optional<TextModel> encoder) {}
