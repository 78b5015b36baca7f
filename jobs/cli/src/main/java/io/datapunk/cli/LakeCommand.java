package io.datapunk.cli;

import java.nio.file.Path;
import java.time.Instant;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The options that every command takes, before or after its name. */
@Command(
        name = "lake",
        description = "A data lake that people can trust with the only copy of their data.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        versionProvider = BuildVersion.class,
        usageHelpAutoWidth = true,
        optionListHeading = "%nOptions:%n",
        commandListHeading = "%nCommands:%n",
        parameterListHeading = "%n",
        descriptionHeading = "%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:failed",
            "2:wrong usage or configuration; nothing was started",
            "3:done, but a gate fell short: quality, verification, yield"
        },
        subcommands = {
            DemoCommand.class,
            IngestCommand.class,
            TablesCommand.class,
            SqlCommand.class,
            HeatCommand.class,
            TierCommand.class,
            ArchiveCommand.class,
            BackupCommand.class,
            VectorsCommand.class,
            AnalyticsCommand.class,
            MaintainCommand.class,
            AirflowCommand.class,
            ReportCommand.class,
            DoctorCommand.class,
            DownCommand.class,
            ConfigCommand.class
        })
final class LakeCommand {
    @Option(
            names = "--lake",
            paramLabel = "HOME",
            scope = ScopeType.INHERIT,
            description = "The lake: a folder or s3a://bucket/prefix. Default: LAKE_HOME, then ./lake-home.")
    private String lake;

    @Option(
            names = "--conf",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "Configuration over the defaults. Default: LAKE_CONF, then none.")
    private Path conf;

    @Option(
            names = "--json",
            scope = ScopeType.INHERIT,
            description = "Print one JSON object on stdout, and nothing else.")
    private boolean json;

    @Option(
            names = "--now",
            paramLabel = "TIME",
            scope = ScopeType.INHERIT,
            description = "Act as if it were this time, as 2026-05-01 or 2026-05-01T12:00:00Z.")
    private Instant now;

    @Option(names = "--dry-run", scope = ScopeType.INHERIT, description = "Change nothing; say what would change.")
    private boolean dryRun;

    String lake() {
        return lake;
    }

    Path conf() {
        return conf;
    }

    boolean json() {
        return json;
    }

    Instant now() {
        return now;
    }

    boolean dryRun() {
        return dryRun;
    }
}
