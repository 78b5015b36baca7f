package io.datapunk.analytics.location;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class StayFinderTest {
    private static final StayFinder.Rule RULE = new StayFinder.Rule(200, Duration.ofMinutes(20), Duration.ofHours(12));
    private static final double HOME = 48.0;
    private static final double WORK = 48.1;

    private final StayFinder finder = new StayFinder(RULE);

    @Test
    void whoIsNearTheFirstPointForLongEnoughStays() {
        at(0, HOME);
        at(10, HOME + 0.001);
        at(20, HOME);
        finder.end();

        assertThat(finder.takeStays()).singleElement().satisfies(stay -> {
            assertThat(stay.startedAt()).isEqualTo(0);
            assertThat(stay.endedAt()).isEqualTo(minutes(20));
            assertThat(stay.points()).isEqualTo(3);
            assertThat(stay.latitude()).isCloseTo(HOME + 0.001 / 3, within(1e-9));
        });
    }

    @Test
    void whoOnlyPassesDoesNot() {
        at(0, HOME);
        at(19, HOME);
        at(21, WORK);
        finder.end();

        assertThat(finder.takeStays()).isEmpty();
    }

    @Test
    void betweenStaysThereIsATripAlongItsPoints() {
        at(0, HOME);
        at(30, HOME);
        at(40, 48.05);
        at(50, 48.02);
        at(60, WORK);
        at(90, WORK);
        finder.end();

        assertThat(finder.takeTrips()).singleElement().satisfies(trip -> {
            assertThat(trip.from().endedAt()).isEqualTo(minutes(30));
            assertThat(trip.to().startedAt()).isEqualTo(minutes(60));
            assertThat(trip.points()).isEqualTo(2);
            assertThat(trip.straight()).isCloseTo(11_119.5, within(0.1));
            assertThat(trip.distance())
                    .as("to 48.05, back to 48.02, on to 48.1: 0.16 degrees")
                    .isCloseTo(0.16 * 111_195, within(1.0));
        });
    }

    @Test
    void aLongSilenceEndsAStay() {
        at(0, HOME);
        at(30, HOME);
        at(30 + 12 * 60 + 1, HOME);
        at(30 + 12 * 60 + 31, HOME);
        finder.end();

        assertThat(finder.takeStays()).hasSize(2);
    }

    @Test
    void theMiddleOfAStayAcrossTheDateLineLiesOnIt() {
        finder.add(new Point(0, 0, 179.9995));
        finder.add(new Point(minutes(20), 0, -179.9995));
        finder.end();

        assertThat(Math.abs(finder.takeStays().get(0).longitude())).isCloseTo(180, within(1e-9));
    }

    @Test
    void staysThatAreNearEachOtherAreOnePlaceAndTheLongestIsTheFirst() {
        List<PlaceFinder.Place> places = new PlaceFinder(200)
                .find(List.of(
                        new Stay(0, minutes(60), WORK, 11, 2),
                        new Stay(minutes(100), minutes(140), HOME, 11, 2),
                        new Stay(minutes(200), minutes(240), HOME + 0.001, 11, 2)));

        assertThat(places).extracting(PlaceFinder.Place::number).containsExactly(1, 2);
        assertThat(places.get(0).stays()).isEqualTo(2);
        assertThat(places.get(0).latitude()).isCloseTo(HOME + 0.0005, within(1e-9));
        assertThat(places.get(0).micros()).isEqualTo(minutes(80));
        assertThat(places.get(0).firstAt()).isEqualTo(minutes(100));
        assertThat(places.get(0).lastAt()).isEqualTo(minutes(240));
        assertThat(places.get(1).latitude()).isEqualTo(WORK);
    }

    private void at(long minute, double latitude) {
        finder.add(new Point(minutes(minute), latitude, 11));
    }

    private static long minutes(long minutes) {
        return minutes * 60_000_000;
    }
}
