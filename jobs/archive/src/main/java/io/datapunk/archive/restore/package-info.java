/** Opens packages: reads, checks and writes out what lies in them. Needs no Spark. */
package io.datapunk.archive.restore;
