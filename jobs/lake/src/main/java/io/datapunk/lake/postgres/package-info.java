/**
 * The hot store: PostgreSQL, embedded or given, that serves verified copies of partitions. Delta stays complete without
 * it.
 */
package io.datapunk.lake.postgres;
