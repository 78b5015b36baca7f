package io.datapunk.analytics.capacity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.datapunk.analytics.capacity.Jumps.Jump;
import java.time.LocalDate;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OutlookTest {
    private static final LocalDate FIRST = LocalDate.of(2026, 1, 1);

    @Test
    void whatGrowsByTenADayIsFullWhenTheRoomIsTaken() {
        double[] sizes = growing(100, 10);

        Outlook outlook = Outlook.of(sizes, FIRST, OptionalDouble.of(2000));

        assertThat(outlook.size()).isEqualTo(1090);
        assertThat(outlook.perDay()).isCloseTo(10, within(0.01));
        assertThat(outlook.daysToReserve()).as("1600 of 2000, a fifth is left").hasValue(51);
        assertThat(outlook.daysToFull()).hasValue(91);
        assertThat(outlook.forecast().orElseThrow().steps()).hasSize(183);
    }

    @Test
    void roomForMoreThanSixMonthsHasNoDay() {
        assertThat(Outlook.of(growing(100, 10), FIRST, OptionalDouble.of(1e6)).daysToFull())
                .isEqualTo(OptionalLong.empty());
    }

    @Test
    void aLargeImportIsAJumpAndNoTrend() {
        double[] sizes = growing(100, 10);
        for (int day = 60; day < sizes.length; day++) {
            sizes[day] += 5000;
        }

        Outlook outlook = Outlook.of(sizes, FIRST, OptionalDouble.empty());

        assertThat(outlook.jumps()).singleElement().satisfies(jump -> {
            assertThat(jump.day()).isEqualTo(FIRST.plusDays(60));
            assertThat(jump.change()).isCloseTo(5000, within(0.01));
        });
        assertThat(outlook.perDay()).isCloseTo(10, within(0.01));
        assertThat(outlook.forecast().orElseThrow().steps().get(182).mean())
                .isCloseTo(sizes[99] + 183 * 10, within(100.0));
    }

    @Test
    void whatChangesFromDayToDayIsNoJump() {
        Random random = new Random(5);
        double[] sizes = growing(60, 10);
        for (int day = 1; day < sizes.length; day++) {
            sizes[day] = sizes[day - 1] + 10 + 3 * random.nextGaussian();
        }

        assertThat(Jumps.of(sizes, FIRST)).extracting(Jump::day).isEmpty();
    }

    @Test
    void ofFewDaysOnlyTheSizeIsKnown() {
        Outlook outlook = Outlook.of(growing(5, 10), FIRST, OptionalDouble.of(2000));

        assertThat(outlook.size()).isEqualTo(140);
        assertThat(outlook.perDay()).isCloseTo(10, within(0.01));
        assertThat(outlook.forecast()).isEmpty();
    }

    @Test
    void daysBeforeTheFirstMeasurementAreThoseOfTheFiles() {
        SizeHistory history = new SizeHistory();
        Subject lake = new Subject(Subject.Kind.LAKE, "tables");
        history.add(lake, FIRST.plusDays(4), 70);
        TreeMap<LocalDate, Double> written = new TreeMap<>();
        written.put(FIRST, 10.0);
        written.put(FIRST.plusDays(2), 20.0);
        written.put(FIRST.plusDays(4), 30.0);

        history.addWritten(lake, written);

        assertThat(history.first(lake)).isEqualTo(FIRST);
        assertThat(history.series(lake)).containsExactly(10, 10, 30, 30, 70);
    }

    private static double[] growing(int days, double by) {
        return IntStream.range(0, days).mapToDouble(day -> 100 + by * day).toArray();
    }
}
