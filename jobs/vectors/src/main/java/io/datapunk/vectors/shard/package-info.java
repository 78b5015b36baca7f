/** One shard: the index over its vectors, and the rows that they belong to, which searches filter and show. */
package io.datapunk.vectors.shard;
