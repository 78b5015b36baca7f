/** Reads backups and compares them with what was written; copies back what another location has whole. */
package io.datapunk.archive.backup.verify;
