package io.datapunk.airflow;

import java.time.Instant;
import java.util.Optional;

/**
 * @param paused nothing of it runs, what is triggered neither
 * @param schedule as Airflow sums it up: cron, or {@code Asset}
 * @param next when it runs next by its schedule, paused or not
 */
public record Dag(String id, boolean paused, Optional<String> schedule, Optional<Instant> next) {}
