package io.datapunk.cli;

import io.datapunk.archive.backup.point.PointName;
import io.datapunk.lake.model.LakeException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code lake backup}. */
@Command(
        name = "backup",
        description = "Keep encrypted copies of the whole lake in other places, and prove that they can be restored.",
        subcommands = {
            BackupCommand.Create.class,
            BackupCommand.Verify.class,
            BackupCommand.Restore.class,
            BackupCommand.Drill.class
        })
final class BackupCommand {
    /** {@code lake backup create}. */
    @Command(
            name = "create",
            description =
                    "Make a restore point: tables, PostgreSQL, packages, audit log and keys as they are now. Only what"
                            + " no older one has is stored.")
    static final class Create implements Job {
        @Option(
                names = "--compliance",
                description = "Keep it for as long as lake.backup.keep.compliance says, the last one of each week.")
        private boolean compliance;

        @Option(
                names = "--full-read",
                description = "Read also the files that an older restore point has, and store what differs.")
        private boolean readAll;

        @Override
        public Outcome run(Invocation invocation) {
            return new BackupRun(invocation).create(compliance, readAll);
        }
    }

    /** {@code lake backup verify}. */
    @Command(
            name = "verify",
            description = "Read the backups and compare them with what was written; tells each damage and its place.")
    static final class Verify implements Job {
        @Option(
                names = "--from",
                paramLabel = "LOCATION",
                description = "A folder or s3a://bucket/prefix. Default: all of lake.backup.locations.")
        private String from;

        @Option(
                names = "--sample",
                paramLabel = "PERCENT",
                defaultValue = "100",
                description = "How many of the objects are read, at random, in percent; that all are there is looked at"
                        + " anyway. Default: ${DEFAULT-VALUE}.")
        private double percent;

        @Override
        public Outcome run(Invocation invocation) {
            return new BackupRun(invocation).verify(Optional.ofNullable(from), percent);
        }

        @Override
        public boolean changesTables() {
            return false;
        }

        @Override
        public boolean isWatched() {
            return true;
        }
    }

    /** {@code lake backup restore}. */
    @Command(
            name = "restore",
            description =
                    "Make a lake from a restore point, compared with its checksums. Killed, the same command goes on.")
    static final class Restore implements Job {
        @ArgGroup(multiplicity = "1")
        private Target target;

        /** Either of them. */
        static final class Target {
            @Option(names = "--to", paramLabel = "HOME", description = "The new lake's folder.")
            private Path folder;

            @Option(
                    names = "--in-place",
                    description = "Bring a table of this lake, or a partition of it, back, as a new version; or"
                            + " --postgres.")
            private boolean inPlace;
        }

        @Option(
                names = "--from",
                paramLabel = "LOCATION",
                description = "A folder or s3a://bucket/prefix. Default: all of lake.backup.locations.")
        private String from;

        @ArgGroup
        private When when = new When();

        /** At most one of them. */
        static final class When {
            @Option(names = "--point", paramLabel = "NAME", description = "This restore point. Default: the newest.")
            private String point;

            @Option(
                    names = "--at",
                    paramLabel = "TIME",
                    converter = InstantConverter.class,
                    description = "The newest one that was made by then; with --postgres, PostgreSQL as of then.")
            private Instant at;

            @Option(
                    names = "--table-version",
                    paramLabel = "NUMBER",
                    description = "The newest one that has the --dataset at this version of Delta's.")
            private Long version;
        }

        @Option(names = "--dataset", paramLabel = "DATASET", description = "Only this table, as user_data.messages.")
        private String dataset;

        @Option(
                names = "--partition",
                paramLabel = "PARTITION",
                description = "Only this partition of a table, as user_data.activity/month=2026-01.")
        private String partition;

        @Option(
                names = "--postgres",
                description =
                        "Only PostgreSQL, brought by its archived log (lake.postgres.wal) to --at, or as far as it"
                                + " goes.")
        private boolean postgres;

        @Override
        public Outcome run(Invocation invocation) {
            if (postgres) {
                return restorePostgres(invocation);
            }
            return new BackupRun(invocation)
                    .restore(
                            Optional.ofNullable(target.folder),
                            Optional.ofNullable(from),
                            new BackupRun.Wish(
                                    Optional.ofNullable(when.point),
                                    Optional.ofNullable(when.at),
                                    when.version == null ? OptionalLong.empty() : OptionalLong.of(when.version),
                                    Optional.ofNullable(dataset),
                                    Optional.ofNullable(partition)));
        }

        private Outcome restorePostgres(Invocation invocation) {
            if (dataset != null || partition != null || when.version != null) {
                throw LakeException.usage(
                        "PostgreSQL was not restored",
                        "--postgres is all of it, and --dataset, --partition and --table-version name a table of Delta's",
                        "leave them out");
            }
            return new PostgresRestoreRun(invocation)
                    .restore(
                            Optional.ofNullable(target.folder),
                            Optional.ofNullable(from),
                            Optional.ofNullable(when.point).map(PointName::new),
                            Optional.ofNullable(when.at));
        }
    }

    /** {@code lake backup drill}. */
    @Command(
            name = "drill",
            description =
                    "Restore the newest restore point for trial, compare and ask it, and write down how long it took."
                            + " Ends with 3 where something differs or took too long.")
    static final class Drill implements Job {
        @Option(
                names = "--from",
                paramLabel = "LOCATION",
                description = "A folder or s3a://bucket/prefix. Default: all of lake.backup.locations.")
        private String from;

        @Override
        public Outcome run(Invocation invocation) {
            return new BackupRun(invocation).drill(Optional.ofNullable(from));
        }
    }
}
