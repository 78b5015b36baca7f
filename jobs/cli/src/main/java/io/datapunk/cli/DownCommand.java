package io.datapunk.cli;

import picocli.CommandLine.Command;

/** {@code lake down}. */
@Command(
        name = "down",
        description =
                "Stop the warm SQL server and the embedded PostgreSQL. They start again when a command needs them.")
final class DownCommand implements Job {
    @Override
    public Outcome run(Invocation invocation) {
        return Shutdown.of(invocation.config(), invocation.dryRun()).toOutcome();
    }

    @Override
    public boolean changesTables() {
        return false;
    }
}
