/** Forecasts of hourly accesses, and how well they would have done. Pure, one pass over the history each. */
package io.datapunk.tiering.policy.forecast;
