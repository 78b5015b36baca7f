/**
 * What policies would have cost on a recorded trace, beside the cheapest schedule that hindsight allows. Replaying and
 * the optimum are pure; {@link io.datapunk.tiering.simulate.TraceFile} reads with Spark.
 */
package io.datapunk.tiering.simulate;
