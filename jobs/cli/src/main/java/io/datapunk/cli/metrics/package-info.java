/** What jobs tell monitoring: which metrics there are. */
package io.datapunk.cli.metrics;
