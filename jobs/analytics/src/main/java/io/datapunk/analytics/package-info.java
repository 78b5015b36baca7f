/** The tables that the lake publishes. */
package io.datapunk.analytics;
