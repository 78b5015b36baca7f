/** Builds a collection's index from its table: what is new into new shards, what is gone under masks, and merges of shards. */
package io.datapunk.vectors.build;
