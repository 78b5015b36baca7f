/** The lake's vocabulary: datasets, partitions, tiers, checksums. No Spark, no I/O. */
package io.datapunk.lake.model;
