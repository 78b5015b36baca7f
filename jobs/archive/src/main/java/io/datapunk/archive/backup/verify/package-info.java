/** Reads backups and compares them with what was written. */
package io.datapunk.archive.backup.verify;
