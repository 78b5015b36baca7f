package io.datapunk.archive.retention;

import io.datapunk.lake.config.RetentionConfig.Kind;
import java.util.Comparator;

/**
 * Something that expires as a whole.
 *
 * @param name of a partition, as {@code ops.audit_logs/month=2026-01}, or the folder of a package
 */
public record Subject(Kind kind, String name) implements Comparable<Subject> {
    private static final Comparator<Subject> ORDER =
            Comparator.comparing(Subject::kind).thenComparing(Subject::name);

    @Override
    public int compareTo(Subject other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return name;
    }
}
