/** Searches of published indexes, without Spark. */
package io.datapunk.vectors.search;
