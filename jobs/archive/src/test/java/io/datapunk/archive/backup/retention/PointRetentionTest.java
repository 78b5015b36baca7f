package io.datapunk.archive.backup.retention;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.archive.backup.point.PointName;
import io.datapunk.lake.config.BackupConfig;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Of each day, week and month the last restore point stays, for as long as its rule says. */
class PointRetentionTest {
    private static final Instant NOW = Instant.parse("2026-11-26T02:00:00Z");
    private static final PointRetention RULES = new PointRetention(new BackupConfig.Keep(
            Duration.ofDays(7), Duration.ofDays(30), Duration.ofDays(365), Duration.ofDays(2557)));

    @Test
    void aYearOfDailyPointsLeavesSevenDaysFourWeeksAndTwelveMonths() {
        List<PointName> points = new ArrayList<>();
        for (int day = 0; day < 500; day++) {
            points.add(PointName.of(NOW.minus(Duration.ofDays(day)), day, false));
        }

        List<PointName> kept = new ArrayList<>(points);
        kept.removeAll(RULES.expired(points, NOW));

        assertThat(kept.stream().map(point -> point.text().substring(0, 8)))
                .containsExactly(
                        // each day
                        "20261126",
                        "20261125",
                        "20261124",
                        "20261123",
                        "20261122",
                        "20261121",
                        "20261120",
                        "20261119",
                        // Sundays, and ends of months
                        "20261115",
                        "20261108",
                        "20261101",
                        "20261031",
                        "20260930",
                        "20260831",
                        "20260731",
                        "20260630",
                        "20260531",
                        "20260430",
                        "20260331",
                        "20260228",
                        "20260131",
                        "20251231",
                        "20251130");
    }

    @Test
    void ofTwoOfOneDayTheLaterStays() {
        PointName morning = PointName.of(Instant.parse("2026-11-20T02:00:00Z"), 1, false);
        PointName evening = PointName.of(Instant.parse("2026-11-20T20:00:00Z"), 2, false);

        assertThat(RULES.expired(List.of(evening, morning), NOW)).containsExactly(morning);
    }

    @Test
    void whatWasMadeForComplianceStaysSevenYears() {
        PointName old = PointName.of(NOW.minus(Duration.ofDays(2500)), 1, true);
        PointName sameWeek = PointName.of(NOW.minus(Duration.ofDays(2501)), 2, true);
        PointName tooOld = PointName.of(NOW.minus(Duration.ofDays(2600)), 3, true);
        PointName ordinary = PointName.of(NOW.minus(Duration.ofDays(2500)), 4, false);
        PointName newest = PointName.of(NOW, 5, false);

        assertThat(RULES.expired(List.of(old, sameWeek, tooOld, ordinary, newest), NOW))
                .containsExactly(tooOld, sameWeek, ordinary);
    }

    @Test
    void aComplianceSetIsTheBackupOfItsDayAndWeekToo() {
        List<PointName> schedule = new ArrayList<>();
        for (int day = 0; day < 60; day++) {
            Instant at = NOW.minus(Duration.ofDays(day));
            boolean sunday = at.atZone(ZoneOffset.UTC).getDayOfWeek() == DayOfWeek.SUNDAY;
            schedule.add(PointName.of(at, day, sunday));
        }

        List<PointName> kept = new ArrayList<>(schedule);
        kept.removeAll(RULES.expired(schedule, NOW));

        assertThat(kept.stream().filter(PointName::isForCompliance))
                .as("all of them")
                .containsExactlyElementsOf(
                        schedule.stream().filter(PointName::isForCompliance).toList());
        assertThat(kept.stream().filter(point -> !point.isForCompliance()).map(point -> point.text()
                        .substring(0, 8)))
                .as("a week of days, and the last ones of months; weeks need no point of their own")
                .containsExactly(
                        "20261126",
                        "20261125",
                        "20261124",
                        "20261123",
                        "20261121",
                        "20261120",
                        "20261119",
                        "20261031",
                        "20260930");
    }

    @Test
    void aPlainPointAndAComplianceSetOfOneDayDoNotRemoveEachOtherBeforeTheirTime() {
        PointName plain = PointName.of(Instant.parse("2026-11-22T02:00:00Z"), 1, false);
        PointName compliance = PointName.of(Instant.parse("2026-11-22T03:00:00Z"), 2, true);
        PointName afterIt = PointName.of(Instant.parse("2026-11-22T04:00:00Z"), 3, false);

        assertThat(RULES.expired(List.of(plain, compliance), NOW))
                .as("the set is the day's last point")
                .containsExactly(plain);
        assertThat(RULES.expired(List.of(compliance, afterIt), NOW))
                .as("it is no more, and stays for compliance")
                .isEmpty();
    }

    @Test
    void theNewestStaysHoweverOldItIs() {
        PointName only = PointName.of(NOW.minus(Duration.ofDays(4000)), 1, false);

        assertThat(RULES.expired(List.of(only), NOW)).isEmpty();
    }
}
