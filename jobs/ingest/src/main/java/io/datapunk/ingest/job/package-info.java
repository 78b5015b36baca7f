/** The ingest job: exports to rows, with every record accounted for. */
package io.datapunk.ingest.job;
