package io.datapunk.maintenance.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.lake.config.LakeConfig;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ScheduleTest {
    /** A Friday. */
    private static final Instant FRIDAY = Instant.parse("2026-11-27T12:00:00Z");

    private final Schedule schedule =
            new Schedule(LakeConfig.load(null, Map.of(), Map.of()).maintenance().schedule());

    @Test
    void everythingIsDueThatWasNeverDone() {
        assertThat(schedule.due(Map.of(), FRIDAY)).containsExactly(Task.values());
    }

    @Test
    void nothingIsDueAnHourLaterInTheAfternoon() {
        assertThat(schedule.due(allAt(FRIDAY), FRIDAY.plusSeconds(3600))).isEmpty();
    }

    @Test
    void tasksOfTheNightAreDueOneAfterTheOther() {
        assertThat(schedule.due(allAt(FRIDAY), Instant.parse("2026-11-28T02:30:00Z")))
                .containsExactly(Task.LOGS, Task.STAGING, Task.PARTITIONS);
        assertThat(schedule.due(allAt(FRIDAY), Instant.parse("2026-11-28T03:59:00Z")))
                .containsExactly(Task.LOGS, Task.STAGING, Task.PARTITIONS, Task.VACUUM);
    }

    @Test
    void aMachineThatSleptOverTheWeekendMissesNothing() {
        assertThat(schedule.due(allAt(FRIDAY), Instant.parse("2026-11-30T09:00:00Z")))
                .containsExactly(Task.values());
    }

    @Test
    void indexesAreBuiltAnewOnSundays() {
        assertThat(schedule.due(allAt(FRIDAY), Instant.parse("2026-11-28T09:00:00Z")))
                .doesNotContain(Task.REINDEX);
        assertThat(schedule.due(allAt(FRIDAY), Instant.parse("2026-11-29T01:00:00Z")))
                .contains(Task.REINDEX);
    }

    @Test
    void whatIsOffIsNeverDue() {
        LakeConfig config = LakeConfig.load(null, Map.of(), Map.of("lake.maintenance.schedule.vacuum", "off"));

        assertThat(new Schedule(config.maintenance().schedule()).due(Map.of(), FRIDAY))
                .doesNotContain(Task.VACUUM)
                .contains(Task.ANALYZE);
    }

    private static Map<Task, Instant> allAt(Instant time) {
        return Arrays.stream(Task.values()).collect(Collectors.toMap(task -> task, task -> time));
    }
}
