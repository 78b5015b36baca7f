package io.datapunk.cli;

import java.util.Locale;

/** Writes amounts for people. */
final class Amounts {
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};

    private Amounts() {}

    /** {@code 1.5 GiB} for bytes, {@code 1,234 rows} for anything else. */
    static String of(long amount, String unit) {
        return unit.equals("bytes") ? bytes(amount) : count(amount) + " " + unit;
    }

    static String bytes(long bytes) {
        double value = bytes;
        int unit = 0;
        while (value >= 1023.95 && unit < UNITS.length - 1) {
            value /= 1024;
            unit++;
        }
        return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", value, UNITS[unit]);
    }

    static String count(long amount) {
        return String.format(Locale.ROOT, "%,d", amount);
    }

    static String rate(double perHour) {
        return String.format(Locale.ROOT, "%.3f", perHour);
    }
}
