/** Who writes to whom. */
package io.datapunk.analytics.communication;
