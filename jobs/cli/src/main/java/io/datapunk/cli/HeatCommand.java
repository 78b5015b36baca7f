package io.datapunk.cli;

import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code lake heat}. */
@Command(
        name = "heat",
        description =
                "Take in the reads that were seen since the last run, and list the partitions by heat, the hottest"
                        + " first.")
final class HeatCommand implements Job {
    @Option(
            names = "--source",
            paramLabel = "NAME",
            split = ",",
            description = "Read these sources only: spool, postgres, s3. Default: lake.access.sources.")
    private List<String> sources = List.of();

    @Option(
            names = "--import",
            paramLabel = "FILE",
            description = "Take in accesses that were recorded elsewhere, too: CSV with a header, or Parquet, with the"
                    + " columns time, dataset, partition and, where it has them, accesses. The same file again adds"
                    + " nothing.")
    private List<Path> imports = List.of();

    @Override
    public Outcome run(Invocation invocation) {
        return new HeatRun(invocation, sources, imports).run();
    }
}
