/** Looks at the lake as it is, lets the policy judge it, and stores what is to be done, row by row, before it is done. */
package io.datapunk.tiering.plan;
