package io.datapunk.lake.audit;

/**
 * A place where something of the log is not what was written.
 *
 * @param file relative to the folder {@code audit}, or with a location's name before it
 * @param line from 1; 0 where the file has no lines
 * @param offset bytes before the line, or before what is damaged
 * @param what for a person
 */
public record AuditDamage(String file, long line, long offset, String what) {
    static AuditDamage at(long offset, String file, String what) {
        return new AuditDamage(file, 0, offset, what);
    }

    static AuditDamage of(AuditVerification.Damage damage) {
        return new AuditDamage(AuditLog.FILE, damage.line(), damage.offset(), damage.what());
    }

    @Override
    public String toString() {
        return file + ", " + (line > 0 ? "line " + line + " (byte " + offset + ")" : "byte " + offset) + ": " + what;
    }
}
