package io.datapunk.analytics.quality.rule;

import java.util.List;
import java.util.Optional;

/** Something that has to hold of a table. */
public sealed interface Rule {
    /** As its owner wrote it. */
    String text();

    CheckType type();

    /**
     * One number that is measured, and what is expected of it.
     *
     * @param constraint under this name Delta refuses rows that do not meet it; only of a {@link Measure.Share}
     */
    record Simple(String text, CheckType type, Measure measure, Expectation expectation, Optional<String> constraint)
            implements Rule {}

    /** Several rules of which all, or one, has to hold. */
    record Compound(String text, boolean all, List<Rule> parts) implements Rule {
        public Compound {
            parts = List.copyOf(parts);
        }

        @Override
        public CheckType type() {
            return parts.get(0).type();
        }
    }
}
