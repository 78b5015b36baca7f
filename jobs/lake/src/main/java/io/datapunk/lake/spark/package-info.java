/**
 * Spark: the session, the catalog that gives the lake's tables their names, the recorder of accesses, SQL and the warm
 * server behind {@code lake sql}.
 */
package io.datapunk.lake.spark;
