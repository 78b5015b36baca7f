/**
 * Moves partitions between hot, warm and cold by measured heat: {@code heat} counts, {@code policy} judges, {@code plan}
 * writes down, {@code apply} moves, {@code status} tells.
 */
package io.datapunk.tiering;
