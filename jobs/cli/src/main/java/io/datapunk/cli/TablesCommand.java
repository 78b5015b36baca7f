package io.datapunk.cli;

import picocli.CommandLine.Command;

/** {@code lake tables}. */
@Command(name = "tables", description = "List the tables: rows, bytes, files, and where their partitions lie.")
final class TablesCommand implements Job {
    @Override
    public Outcome run(Invocation invocation) {
        return TablesListing.read(invocation.config()).toOutcome();
    }

    @Override
    public boolean changesTables() {
        return false;
    }
}
