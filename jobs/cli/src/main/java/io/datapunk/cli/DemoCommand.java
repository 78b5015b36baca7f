package io.datapunk.cli;

import java.util.Map;
import picocli.CommandLine.Command;

/** {@code lake demo}. */
@Command(
        name = "demo",
        description = "Run the whole pipeline on a made-up export, in a lake of its own (./lake-demo, or --lake HOME):"
                + " ingest, heat, plan, apply, and three queries.")
final class DemoCommand implements Job {
    @Override
    public Map<String, String> settings() {
        return Map.of(
                // Made-up data does not belong into the lake that holds real data.
                "lake.home", "lake-demo",
                // The made-up months are small; with the default of 1 MiB all of them would stay warm.
                "lake.tiering.minimum-size", "1 KiB");
    }

    @Override
    public Outcome run(Invocation invocation) {
        return new DemoRun(invocation).run();
    }

    @Override
    public boolean isWatched() {
        return false;
    }
}
