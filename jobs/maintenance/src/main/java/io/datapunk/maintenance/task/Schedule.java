package io.datapunk.maintenance.task;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** When tasks are due. */
final class Schedule {
    private final Map<Task, ExecutionTime> times = new EnumMap<>(Task.class);

    /** @param schedule as cron writes it, by tasks' names, in UTC; others than tasks' are passed over */
    Schedule(Map<String, String> schedule) {
        CronParser parser = new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));
        schedule.forEach((name, cron) ->
                Task.of(name).ifPresent(task -> times.put(task, ExecutionTime.forCron(parser.parse(cron)))));
    }

    /**
     * Those whose time has come since they were last done, and those that never were.
     *
     * @param last when each was done
     */
    List<Task> due(Map<Task, Instant> last, Instant now) {
        return Stream.of(Task.values())
                .filter(times::containsKey)
                .filter(task -> !last.containsKey(task)
                        || times.get(task)
                                .nextExecution(last.get(task).atZone(ZoneOffset.UTC))
                                .filter(next -> !next.toInstant().isAfter(now))
                                .isPresent())
                .toList();
    }
}
