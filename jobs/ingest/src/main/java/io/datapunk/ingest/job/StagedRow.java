package io.datapunk.ingest.job;

/**
 * A row on its way into staging.
 *
 * @param firstOccurrence see {@link StagedTable#FIRST_OCCURRENCE}
 * @param values one for each of {@link StagedTable#columns()}: String, byte[], Integer, Long (also for microseconds),
 *     Double, Boolean, List for arrays, Object[] for structs, or null
 */
record StagedRow(long row, int file, String firstOccurrence, Object[] values) {}
