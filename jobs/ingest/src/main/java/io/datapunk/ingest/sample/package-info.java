/** A made-up Google Takeout, written by our own code from our own words: for the demo, the tests and the benchmarks. */
package io.datapunk.ingest.sample;
