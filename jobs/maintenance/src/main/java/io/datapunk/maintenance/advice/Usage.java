package io.datapunk.maintenance.advice;

import java.util.Locale;

/** How much some queries are asked, and how long that took in milliseconds, since the server counts. */
record Usage(long queries, long calls, double totalMs) {
    Usage plus(Usage other) {
        return new Usage(queries + other.queries, calls + other.calls, totalMs + other.totalMs);
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%,d calls of %s took %,.1f s",
                calls,
                queries == 1 ? "one query" : queries + " queries",
                totalMs / 1000);
    }
}
