package io.datapunk.archive.compliance;

import java.time.Instant;
import java.util.List;
import java.util.OptionalDouble;

/**
 * What an auditor asks for.
 *
 * @param since begin of the time that is reported
 * @param problems what could not be looked at
 */
public record ComplianceReport(Instant since, List<Entry> entries, List<String> problems) {
    public ComplianceReport {
        entries = List.copyOf(entries);
        problems = List.copyOf(problems);
    }

    /**
     * One line of it.
     *
     * @param measure what was measured, with its unit where it has one
     * @param value empty where it is not a number
     * @param detail what to know besides; empty where nothing
     * @param isFinding whether somebody has to do something about it
     */
    public record Entry(
            Section section, String subject, String measure, OptionalDouble value, String detail, boolean isFinding) {
        static Entry of(Section section, String subject, String measure, double value) {
            return new Entry(section, subject, measure, OptionalDouble.of(value), "", false);
        }

        Entry withDetail(String text) {
            return new Entry(section, subject, measure, value, text, isFinding);
        }

        Entry asFinding(boolean finding) {
            return new Entry(section, subject, measure, value, detail, finding);
        }
    }
}
