/** A cluster of Spark's own programs, and the jar that is submitted to it. */
package io.datapunk.cluster;
