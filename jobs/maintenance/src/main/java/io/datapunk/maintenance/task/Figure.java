package io.datapunk.maintenance.task;

import java.util.OptionalDouble;

/**
 * What a task has changed.
 *
 * @param subject table, index, partition, file or folder
 * @param after empty where nothing was done
 */
public record Figure(String subject, Quantity quantity, double before, OptionalDouble after) {
    public static Figure of(String subject, Quantity quantity, double before, double after) {
        return new Figure(subject, quantity, before, OptionalDouble.of(after));
    }

    /** Of a dry run. */
    public static Figure found(String subject, Quantity quantity, double before) {
        return new Figure(subject, quantity, before, OptionalDouble.empty());
    }
}
