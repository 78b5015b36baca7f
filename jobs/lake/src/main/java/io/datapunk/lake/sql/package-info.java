/** What a query answers, without Spark: a client that only prints must not load it. */
package io.datapunk.lake.sql;
