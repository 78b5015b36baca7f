/** Keeps published tables in step with the tables that they are computed of, month by month. */
package io.datapunk.analytics.publish;
