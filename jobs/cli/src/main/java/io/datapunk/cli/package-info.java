/**
 * The command line. {@link io.datapunk.cli.Cli} is the one exit point; a {@code …Command} declares options and hands over
 * to a class of its own as soon as it runs, so that help answers without loading Spark.
 */
package io.datapunk.cli;
