package io.datapunk.cli;

import picocli.CommandLine.Command;

/** {@code lake down}. */
@Command(name = "down", description = "Stop the embedded PostgreSQL. It starts again when a command needs it.")
final class DownCommand implements Job {
    @Override
    public Outcome run(Invocation invocation) {
        return Shutdown.of(invocation.config(), invocation.dryRun()).toOutcome();
    }
}
