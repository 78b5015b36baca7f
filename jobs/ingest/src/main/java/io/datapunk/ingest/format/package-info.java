/**
 * Recognises what an entry is and parses its frames into records. Every format is one small class; none does I/O, none
 * throws on bad bytes, and none knows the user.
 */
package io.datapunk.ingest.format;
