package io.datapunk.cli;

import picocli.CommandLine.Command;

/** {@code lake archive}. */
@Command(
        name = "archive",
        description = "Prove what was done to the lake, and keep what has to be kept.",
        subcommands = {ArchiveAuditCommand.class})
final class ArchiveCommand {}
