package io.datapunk.vectors.search;

import java.util.Optional;

/**
 * What is searched for.
 *
 * @param vector of the collection's dimensions
 * @param most hits
 * @param words that bring rows up whose texts have them; empty: nearness alone counts
 * @param threshold score that a hit has to reach; empty: none
 */
public record Query(float[] vector, int most, Optional<String> words, Optional<Double> threshold) {}
