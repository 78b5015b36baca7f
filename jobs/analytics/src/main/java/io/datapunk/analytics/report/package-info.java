/** One page that a person opens: what is in the lake, how it does, what it costs, what is to be done. */
package io.datapunk.analytics.report;
