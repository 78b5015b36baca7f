package io.datapunk.analytics.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.DayOfWeek;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class TrendTest {
    @Property(tries = 200)
    void aLineWithAWeeksRhythmIsFoundExactly(
            @ForAll @DoubleRange(min = -5, max = 5) double slope,
            @ForAll @DoubleRange(min = 0, max = 50) double weekend,
            @ForAll @IntRange(min = Trend.LEAST_DAYS, max = 400) int days,
            @ForAll DayOfWeek first) {
        double[] values = new double[days];
        for (int day = 0; day < days; day++) {
            DayOfWeek weekday = first.plus(day);
            values[day] = 100 + slope * day + (weekday.getValue() >= 6 ? weekend : 0);
        }

        Trend trend = Trend.of(values, first);

        assertThat(trend.slope()).isCloseTo(slope, within(1e-9));
        assertThat(trend.low()).isCloseTo(slope, within(1e-6));
        assertThat(trend.weekdays()[6] - trend.weekdays()[0]).isCloseTo(weekend, within(1e-9));
        assertThat(Arrays.stream(trend.weekdays()).sum()).isCloseTo(0, within(1e-9));
    }

    @Test
    void ofNoiseTheIntervalHoldsTheSlopeInNineteenOfTwentyCases() {
        Random random = new Random(1);
        int held = 0;
        for (int time = 0; time < 1000; time++) {
            double[] values = new double[60];
            for (int day = 0; day < values.length; day++) {
                values[day] = 0.3 * day + 10 * random.nextGaussian();
            }
            Trend trend = Trend.of(values, DayOfWeek.MONDAY);
            held += trend.low() <= 0.3 && 0.3 <= trend.high() ? 1 : 0;
        }
        assertThat(held).isBetween(930, 970);
    }

    @Test
    void strengthsTellALineFromARhythmFromNothing() {
        double[] line = new double[70];
        double[] week = new double[70];
        for (int day = 0; day < 70; day++) {
            line[day] = day;
            week[day] = day % 7 == 0 ? 10 : 0;
        }

        assertThat(Trend.of(line, DayOfWeek.MONDAY).trendStrength()).isCloseTo(1, within(1e-9));
        assertThat(Trend.of(line, DayOfWeek.MONDAY).weekStrength()).isCloseTo(0, within(1e-9));
        assertThat(Trend.of(week, DayOfWeek.MONDAY).weekStrength()).isCloseTo(1, within(1e-9));
        assertThat(Trend.of(new double[70], DayOfWeek.MONDAY).trendStrength()).isZero();
    }
}
