package io.datapunk.tiering.heat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.tiering.heat.AccessRollup.PartitionHour;
import io.datapunk.tiering.heat.AccessRollup.Touch;
import io.datapunk.tiering.policy.Accesses;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AccessRollupTest {
    private static final Instant TEN = Instant.parse("2026-03-25T10:00:00Z");
    private static final String JANUARY = "user_data.activity/month=2026-01";
    private static final String MARCH = "user_data.activity/month=2026-03";
    private static final String ALL = "user_data.activity/*";

    @Test
    void aQueryCountsAPartitionOnceInTheHourOfItsFirstLine() {
        assertThat(count(
                        Set.of(),
                        line("10:59:59", JANUARY, "q1"),
                        line("11:00:01", JANUARY, "q1"),
                        line("10:30:00", JANUARY, "q2")))
                .containsExactly(entry(at(10, JANUARY), 2L));
    }

    @Test
    void aScanOfTheWholeTableTouchesEveryPartitionOnceEvenIfTheQueryNamesOneBeside() {
        assertThat(count(Set.of(), line("10:10:00", ALL, "q1"), line("10:10:00", JANUARY, "q1")))
                .containsExactly(entry(at(10, JANUARY), 1L), entry(at(10, MARCH), 1L));
    }

    @Test
    void whatAnEarlierBatchCountedCountsNoMore() {
        Set<Touch> counted = Set.of(new Touch("q1", JANUARY), new Touch("q2", ALL));
        assertThat(count(
                        counted,
                        line("10:10:00", JANUARY, "q1"),
                        line("10:10:00", MARCH, "q1"),
                        line("10:10:00", JANUARY, "q2")))
                .containsExactly(entry(at(10, MARCH), 1L));
    }

    @Test
    void linesWithoutAQueryCountAsTheySay() {
        assertThat(count(
                        Set.of(),
                        new AccessLine(TEN, JANUARY, "s3", 5, Optional.empty(), Optional.empty()),
                        new AccessLine(TEN, ALL, "s3", 2, Optional.empty(), Optional.empty())))
                .containsExactly(entry(at(10, JANUARY), 7L), entry(at(10, MARCH), 2L));
    }

    @Test
    void aTableThatIsGoneHasNoPartitionsToCount() {
        assertThat(count(Set.of(), line("10:10:00", "user_data.gone/*", "q1"))).isEmpty();
    }

    private static Map<PartitionHour, Long> count(Set<Touch> counted, AccessLine... lines) {
        return AccessRollup.count(
                List.of(lines),
                counted,
                dataset -> dataset.equals(new DatasetName("user_data", "activity"))
                        ? List.of(PartitionName.parse(JANUARY), PartitionName.parse(MARCH))
                        : List.of());
    }

    private static AccessLine line(String time, String partition, String query) {
        return new AccessLine(
                Instant.parse("2026-03-25T" + time + "Z"),
                partition,
                "spark",
                1,
                Optional.of("ann"),
                Optional.of(query));
    }

    private static PartitionHour at(int hour, String partition) {
        return new PartitionHour(Accesses.hourOf(TEN) + hour - 10, partition);
    }
}
