package io.datapunk.cli;

import io.datapunk.lake.model.LakeException;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code lake doctor}. */
@Command(
        name = "doctor",
        description =
                "Check that the lake is whole: its format, logs, audit log, disk, hot store; or advise what would make it"
                        + " faster.")
final class DoctorCommand implements Job {
    @Option(
            names = "--deep",
            description =
                    "Also read every file of every table, every row that PostgreSQL serves, every package, and every"
                            + " file of the backups, and compare them with what was written.")
    private boolean deep;

    @Option(
            names = "--repair",
            description =
                    "With --deep: carry out the repairs that lose nothing: remove a checkpoint that is damaged, copy"
                            + " a cold file back from a verified copy, and a file of a backup from another location.")
    private boolean repair;

    @Option(
            names = "--accept",
            paramLabel = "DATASET",
            description = "With --deep: take a table as it is now for right, as after a restore on purpose. Later runs"
                    + " compare with that.")
    private String accept;

    @Option(
            names = "--advise",
            description =
                    "Tell instead what would make the lake faster or smaller: indexes that are missing, unused or double,"
                            + " scans that a filter could shorten, other orders of rows, memory. Each was tried; lake.advice"
                            + " keeps it, for `lake report` too.")
    private boolean advise;

    @Override
    public Outcome run(Invocation invocation) {
        if (!deep && (repair || accept != null)) {
            throw LakeException.usage(
                    "--repair and --accept belong to --deep",
                    "only a deep examination knows what is damaged",
                    "run `lake doctor --deep` first");
        }
        if (advise) {
            if (deep) {
                throw LakeException.usage(
                        "--advise and --deep do not go together",
                        "one looks for what could be better, the other for what is damaged",
                        "run them one after the other");
            }
            return new AdviseRun(invocation).run();
        }
        return deep
                ? new DeepDoctor(invocation).examine(repair, Optional.ofNullable(accept))
                : new Doctor(invocation.config(), invocation.now()).examine();
    }

    @Override
    public boolean changesTables() {
        return deep || advise;
    }

    @Override
    public boolean isWatched() {
        return true;
    }
}
