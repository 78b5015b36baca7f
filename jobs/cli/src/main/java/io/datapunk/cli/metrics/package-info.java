/** What jobs tell monitoring: which metrics there are, and how they get to Prometheus. */
package io.datapunk.cli.metrics;
