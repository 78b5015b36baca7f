package io.datapunk.cli;

import picocli.CommandLine.Command;

/** {@code lake heat}. */
@Command(
        name = "heat",
        description = "Take in what the access recorders wrote, and list the partitions by heat, the hottest first.")
final class HeatCommand implements Job {
    @Override
    public Outcome run(Invocation invocation) {
        return new HeatRun(invocation).run();
    }
}
