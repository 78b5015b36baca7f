package io.datapunk.lake.audit;

/** Something of the log is not what was written, so that nothing can be built on it. */
final class DamagedException extends Exception {
    private static final long serialVersionUID = 1;

    private final transient AuditDamage damage;

    DamagedException(AuditDamage damage) {
        super(damage.toString());
        this.damage = damage;
    }

    AuditDamage damage() {
        return damage;
    }
}
