package io.datapunk.analytics.quality;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What was measured.
 *
 * @param value empty where nothing could be
 * @param failing rows that are not good, where the measure is about rows
 * @param months in which those are, where the table is by month
 * @param detail what to know besides, as why nothing could be measured; never values of rows
 */
record Measured(OptionalDouble value, OptionalLong failing, List<String> months, Optional<String> detail) {
    Measured {
        months = List.copyOf(months);
    }

    static Measured of(double value) {
        return new Measured(OptionalDouble.of(value), OptionalLong.empty(), List.of(), Optional.empty());
    }

    static Measured of(double value, String detail) {
        return new Measured(OptionalDouble.of(value), OptionalLong.empty(), List.of(), Optional.of(detail));
    }

    /** A share of rows. */
    static Measured share(long failing, long rows, List<String> months) {
        double share = rows == 0 ? 1 : (double) (rows - failing) / rows;
        return new Measured(OptionalDouble.of(share), OptionalLong.of(failing), months, Optional.empty());
    }

    static Measured impossible(String why) {
        return new Measured(OptionalDouble.empty(), OptionalLong.empty(), List.of(), Optional.of(why));
    }
}
