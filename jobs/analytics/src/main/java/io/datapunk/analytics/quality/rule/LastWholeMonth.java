package io.datapunk.analytics.quality.rule;

import java.time.YearMonth;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds the last month that nothing more is expected of. */
public final class LastWholeMonth {
    private LastWholeMonth() {}

    /**
     * The newest month of a table may still be filling: an export ends within it, or it is the present one.
     *
     * @param months that have rows
     * @return the newest but one; empty where there is none before {@code now}
     */
    public static Optional<YearMonth> of(Collection<YearMonth> months, YearMonth now) {
        return months.stream()
                .filter(month -> !month.isAfter(now))
                .sorted(Comparator.reverseOrder())
                .skip(1)
                .findFirst();
    }
}
