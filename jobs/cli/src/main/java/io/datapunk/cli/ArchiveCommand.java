package io.datapunk.cli;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lake archive}. */
@Command(
        name = "archive",
        description =
                "Keep packages that strangers can verify and only those with the keys can read, and prove what was done"
                        + " to the lake.",
        subcommands = {
            ArchiveCommand.Create.class,
            ArchiveCommand.Verify.class,
            ArchiveCommand.Restore.class,
            ArchiveCommand.PlaceHold.class,
            ArchiveCommand.Expire.class,
            ArchiveCommand.Erase.class,
            ArchiveAuditCommand.class
        })
final class ArchiveCommand {
    /** {@code lake archive create}. */
    @Command(
            name = "create",
            description = "Pack an original export, each entry with its original bytes, or a partition's rows. What a"
                    + " package of the same person holds already is stored once; the same again makes no package.")
    static final class Create implements Job {
        @ArgGroup(multiplicity = "1")
        private Material material;

        /** Either of them. */
        static final class Material {
            @ArgGroup(exclusive = false)
            private Export export;

            @Option(
                    names = "--partition",
                    paramLabel = "PARTITION",
                    description = "As user_data.activity/month=2026-01. The rows stay in their table.")
            private String partition;

            @Option(
                    names = "--past-cold-age",
                    description =
                            "Every partition that was not written for lake.tiering.cold.minimum-age and whose rows no"
                                    + " package has.")
            private boolean pastColdAge;
        }

        /** An original export. */
        static final class Export {
            @Parameters(
                    paramLabel = "EXPORT",
                    arity = "1..*",
                    description = "Zip, tar, tgz or folder; give all parts of one export at once.")
            private List<Path> parts;

            @Option(
                    names = "--user",
                    paramLabel = "NAME",
                    required = true,
                    description = "Whose data it is, as in `lake ingest`; his key encrypts it.")
            private String user;

            @Option(
                    names = "--category",
                    paramLabel = "CATEGORY",
                    defaultValue = "default",
                    description =
                            "Compliance category, as gdpr. Default: ${DEFAULT-VALUE}; a partition has its dataset's,"
                                    + " lake.tiering.cold.category.")
            private String category;
        }

        @Option(
                names = "--reason",
                paramLabel = "TEXT",
                defaultValue = "asked for by hand",
                description =
                        "Why it is archived, without a person's name: it stands in the package in plain text, for good."
                                + " Default: ${DEFAULT-VALUE}.")
        private String reason;

        @Override
        public Outcome run(Invocation invocation) {
            if (material.pastColdAge) {
                return new ArchiveRun(invocation).createDue(reason);
            }
            return material.partition == null
                    ? new ArchiveRun(invocation)
                            .create(material.export.parts, material.export.user, material.export.category, reason)
                    : new ArchiveRun(invocation).create(material.partition, reason);
        }
    }

    /** {@code lake archive verify}. */
    @Command(
            name = "verify",
            description = "Read packages whole and compare every byte with what was archived; tells each damage and its"
                    + " place.")
    static final class Verify implements Job {
        @Parameters(paramLabel = "PACKAGE", arity = "0..1", description = "Id or folder of one package. Default: all.")
        private String name;

        @Option(names = "--files-only", description = "Without keys: only the files against their manifests.")
        private boolean filesOnly;

        @Override
        public Outcome run(Invocation invocation) {
            return new ArchiveRun(invocation).verify(Optional.ofNullable(name), filesOnly);
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

    /** {@code lake archive hold}. */
    @Command(
            name = "hold",
            description =
                    "Place a legal hold: what it protects, nothing deletes, whatever retention says. Without options,"
                            + " list the holds.")
    static final class PlaceHold implements Job {
        @Option(names = "--user", paramLabel = "NAME", description = "Only this person's data, as in `lake ingest`.")
        private String user;

        @Option(names = "--dataset", paramLabel = "DATASET", description = "Only this dataset, as user_data.messages.")
        private String dataset;

        @Option(
                names = "--from",
                paramLabel = "TIME",
                converter = InstantConverter.class,
                description = "Only events from this time on, as 2026-05-01.")
        private Instant from;

        @Option(
                names = "--to",
                paramLabel = "TIME",
                converter = InstantConverter.class,
                description = "Only events before this time.")
        private Instant to;

        @Option(names = "--reason", paramLabel = "TEXT", description = "Why; places the hold.")
        private String reason;

        @Option(names = "--release", paramLabel = "ID", description = "Release the hold of this id.")
        private String release;

        @Override
        public Outcome run(Invocation invocation) {
            return new HoldRun(invocation)
                    .run(
                            new HoldRun.Wish(
                                    Optional.ofNullable(user),
                                    Optional.ofNullable(dataset),
                                    Optional.ofNullable(from),
                                    Optional.ofNullable(to),
                                    Optional.ofNullable(reason)),
                            Optional.ofNullable(release));
        }
    }

    /** {@code lake archive erase}. */
    @Command(
            name = "erase",
            description =
                    "Erase a person from every table with its history, from PostgreSQL, packages and copies, whatever"
                            + " retention says; only a hold stops it. Nothing can bring it back; --dry-run tells what there is.")
    static final class Erase implements Job {
        @Option(names = "--user", paramLabel = "NAME", description = "Who, as in `lake ingest`.")
        private String user;

        @Option(
                names = "--replay",
                description = "Erase everybody again who was erased before, as is due after a restore.")
        private boolean replay;

        @Override
        public Outcome run(Invocation invocation) {
            return new EraseRun(invocation).run(Optional.ofNullable(user), replay);
        }
    }

    /** {@code lake archive expire}. */
    @Command(
            name = "expire",
            description =
                    "Show what the retention classes of lake.archive.retention let go, and why all else stays, and"
                            + " store it as a plan. Only a plan that was approved is carried out.")
    static final class Expire implements Job {
        @ArgGroup
        private Step step;

        /** Either of them. */
        static final class Step {
            @ArgGroup(exclusive = false)
            private Approval approval;

            @Option(
                    names = "--apply",
                    paramLabel = "PLAN",
                    description = "Carry the plan out: delete what it names, where nothing has changed since.")
            private String apply;
        }

        /** Somebody's. */
        static final class Approval {
            @Option(
                    names = "--approve",
                    paramLabel = "PLAN",
                    required = true,
                    description = "Approve the plan of this id.")
            private String plan;

            @Option(
                    names = "--by",
                    paramLabel = "NAME",
                    description = "Who approves; stands in the audit log. Default: the account's name.")
            private String by;
        }

        @Override
        public Outcome run(Invocation invocation) {
            ExpireRun run = new ExpireRun(invocation);
            if (step == null) {
                return run.plan();
            }
            return step.apply == null
                    ? run.approve(step.approval.plan, Optional.ofNullable(step.approval.by))
                    : run.apply(step.apply);
        }
    }

    /** {@code lake archive restore}. */
    @Command(
            name = "restore",
            description =
                    "Write a package's entries into a new folder. It appears when all of it is right, or not at all.")
    static final class Restore implements Job {
        @Parameters(paramLabel = "PACKAGE", description = "Id or folder of the package; archive.packages lists them.")
        private String name;

        @Option(names = "--to", paramLabel = "FOLDER", required = true, description = "The new folder.")
        private Path target;

        @Option(
                names = "--entries",
                paramLabel = "GLOB",
                description = "Only entries whose paths match, as '**.json'. Default: all.")
        private String entries;

        @Override
        public Outcome run(Invocation invocation) {
            return new ArchiveRun(invocation).restore(name, Optional.ofNullable(entries), target);
        }

        @Override
        public boolean changesTables() {
            return false;
        }
    }
}
