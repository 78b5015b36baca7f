/**
 * The append-only, hash-chained audit log: whatever deletes or erases writes here first. {@link
 * io.datapunk.lake.audit.AuditLog} describes the format byte by byte; {@link
 * io.datapunk.lake.audit.AuditTrail} proves, signs and anchors what stands in it.
 */
package io.datapunk.lake.audit;
