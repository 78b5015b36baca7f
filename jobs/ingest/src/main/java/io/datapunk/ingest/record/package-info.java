/** What parsers produce: records, their times and their keys. Pure: no Spark, no I/O. */
package io.datapunk.ingest.record;
