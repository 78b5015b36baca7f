/** Cuts the bytes of an entry into records at memory speed, without understanding what a record says. */
package io.datapunk.ingest.framing;
