/** Whom a command tells how it went: Prometheus, OpenLineage and OpenTelemetry, each where the configuration names it. */
package io.datapunk.cli.export;
