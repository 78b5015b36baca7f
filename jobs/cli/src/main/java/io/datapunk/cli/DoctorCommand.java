package io.datapunk.cli;

import picocli.CommandLine.Command;

/** {@code lake doctor}. */
@Command(name = "doctor", description = "Check that the lake is whole: its format, logs, audit log, disk, hot store.")
final class DoctorCommand implements Job {
    @Override
    public Outcome run(Invocation invocation) {
        return new Doctor(invocation.config()).examine();
    }
}
