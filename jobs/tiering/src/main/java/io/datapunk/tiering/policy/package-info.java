/**
 * What should lie where, and why: pure functions of recorded facts and a given now. No Spark, no files, no database.
 * {@link io.datapunk.tiering.policy.Policy} judges one partition, {@link io.datapunk.tiering.policy.Planner} fits the
 * wishes of all into the budgets.
 */
package io.datapunk.tiering.policy;
