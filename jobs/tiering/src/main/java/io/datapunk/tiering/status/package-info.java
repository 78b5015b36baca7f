/** Tells where every partition is, derived from what exists at this moment. */
package io.datapunk.tiering.status;
