package io.datapunk.maintenance.task;

/** A task that a run has done. */
public record TaskRun(Task task, double seconds, Work.Done done) {}
