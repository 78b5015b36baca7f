/** Locks and leases on the lake's home. */
package io.datapunk.lake.storage;
