/**
 * The append-only, hash-chained audit log: whatever deletes or erases writes here first. {@link
 * io.datapunk.lake.audit.AuditLog} describes the format byte by byte.
 */
package io.datapunk.lake.audit;
