/** Brings what applications write in the hot store to Delta. */
package io.datapunk.tiering.sync;
