package io.datapunk.cli;

import io.datapunk.archive.bag.PackageCopies;
import io.datapunk.archive.bag.PackageFolder;
import io.datapunk.archive.bag.PackageStore;
import io.datapunk.lake.audit.AuditReport;
import io.datapunk.lake.audit.AuditTrail;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.config.StorageConfig;
import io.datapunk.lake.delta.ConditionalWrites;
import io.datapunk.lake.delta.TableLog;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.PartitionFiles;
import io.datapunk.lake.model.table.LakeTables;
import io.datapunk.lake.model.table.TableDefinition;
import io.datapunk.lake.postgres.HotStoreUnavailableException;
import io.datapunk.lake.postgres.Outbox;
import io.datapunk.lake.postgres.PostgresConnection;
import io.datapunk.lake.postgres.PostgresServer;
import io.datapunk.lake.postgres.Served;
import io.datapunk.lake.postgres.ServedPartitions;
import io.datapunk.lake.postgres.ServerLogWatch;
import io.datapunk.lake.postgres.ServerSettings;
import io.datapunk.lake.postgres.ServerSettings.Difference;
import io.datapunk.lake.postgres.VectorExtension;
import io.datapunk.lake.postgres.WalArchive;
import io.datapunk.lake.storage.ColdCopies;
import io.datapunk.lake.storage.Stores;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;

/**
 * Looks at everything that can be wrong with a lake without anybody noticing. Changes nothing; on S3 it writes one small
 * object for a moment.
 */
final class Doctor {
    /** How one check ended. */
    enum Health {
        OK,
        WARNING,
        BROKEN;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** @param remedy empty where nothing is wrong */
    record Check(String check, Health health, String finding, String remedy) {}

    private final LakeConfig config;
    private final LakeHome home;
    private final Instant now;
    private final List<Check> checks = new ArrayList<>();
    private final List<PartitionFiles> partitions = new ArrayList<>();

    Doctor(LakeConfig config, Instant now) {
        this.config = config;
        this.home = LakeHome.openExisting(config);
        this.now = now;
    }

    Outcome examine() {
        List<Check> found = checks();
        return new Outcome(found, out -> table(found).print(out), List.of(), problem(found));
    }

    /** What was looked at, in a list that may be added to. */
    List<Check> checks() {
        ok("format", "the lake at " + home.root() + " has this build's format");
        examineDisk();
        examineStore();
        TableLog log = TableLog.of(config, home);
        LakeTables.all().stream().map(TableDefinition::name).forEach(dataset -> examineTable(log, dataset));
        examineColdCopies();
        examinePackageCopies();
        KeyChecks keys = new KeyChecks(config, home);
        checks.addAll(keys.of(log, partitions));
        checks.addAll(keys.ages(now));
        examineAuditLog();
        checks.addAll(new BackupChecks(config, home, now).all());
        examineHotStore();
        return new ArrayList<>(checks);
    }

    static TextTable table(List<Check> checks) {
        TextTable table = new TextTable(List.of("CHECK", "HEALTH", "FINDING"), Set.of());
        checks.forEach(check -> table.add(
                check.check(),
                check.health().toString(),
                check.remedy().isEmpty() ? check.finding() : check.finding() + "; " + check.remedy()));
        return table;
    }

    static Optional<LakeException> problem(List<Check> checks) {
        List<Check> broken =
                checks.stream().filter(check -> check.health() == Health.BROKEN).toList();
        return broken.isEmpty()
                ? Optional.empty()
                : Optional.of(LakeException.gate(
                        broken.size() + " of " + checks.size() + " checks found something broken",
                        broken.stream()
                                .map(check -> check.check() + ": " + check.finding())
                                .collect(Collectors.joining("; ")),
                        "follow the remedies that the listing names"));
    }

    private void examineDisk() {
        try {
            long free = Files.getFileStore(home.local()).getUsableSpace();
            long margin = config.ingest().freeDiskMarginBytes();
            if (free < margin) {
                add(
                        "disk",
                        Health.WARNING,
                        Amounts.bytes(free) + " are free, below lake.ingest.free-disk-margin of "
                                + Amounts.bytes(margin),
                        "free some space; imports are refused until then");
            } else {
                ok("disk", Amounts.bytes(free) + " are free");
            }
        } catch (IOException e) {
            add("disk", Health.BROKEN, "the disk cannot be asked: " + e.getMessage(), "check the mount");
        }
    }

    /** On S3 only: a file system has no choice. */
    private void examineStore() {
        Path tables = new Path(home.tablesPath());
        if (!"s3a".equals(tables.toUri().getScheme())) {
            return;
        }
        try {
            if (ConditionalWrites.areHonoured(tables, Stores.configuration(config))) {
                ok("store", "refuses to overwrite a commit");
            } else {
                add(
                        "store",
                        Health.BROKEN,
                        "it leaves out If-None-Match, so that of two writers one loses its commit in silence",
                        "let one command at a time write to this lake, or take a store that answers If-None-Match");
            }
        } catch (IOException e) {
            add(
                    "store",
                    Health.BROKEN,
                    "it cannot be written: " + e.getMessage(),
                    "check lake.storage and your rights");
        }
    }

    private void examineTable(TableLog log, DatasetName dataset) {
        try {
            Optional<String> empty = log.emptyCommit(dataset);
            if (empty.isPresent()) {
                add(
                        dataset.toString(),
                        Health.BROKEN,
                        "the commit " + empty.get() + " is empty, so readers may miss rows in silence",
                        "restore the file from a backup before anything writes to the table");
                return;
            }
            log.snapshot(dataset).ifPresent(snapshot -> {
                partitions.addAll(snapshot.partitions());
                ok(
                        dataset.toString(),
                        "version " + snapshot.version() + " with " + Amounts.of(snapshot.files(), "files")
                                + " is readable");
            });
        } catch (LakeException e) {
            add(dataset.toString(), Health.BROKEN, e.problem() + ": " + e.reason(), "restore the table from a backup");
        } catch (IOException e) {
            add(
                    dataset.toString(),
                    Health.BROKEN,
                    "its log cannot be listed: " + e.getMessage(),
                    "check the disk, or the store");
        }
    }

    private void examineColdCopies() {
        StorageConfig.Cold cold = config.storage().cold();
        ColdCopies.Found found = ColdCopies.of(config, home).find(partitions);
        if (found.copies().isEmpty()) {
            return;
        }
        List<String> warnings =
                ColdCopyWarnings.of(found, cold.copies(), cold.locations().size());
        if (warnings.isEmpty()) {
            ok(
                    "cold copies",
                    Amounts.of(found.copies().size(), "cold partitions") + " have " + cold.copies()
                            + " verified copies or more");
        }
        warnings.forEach(warning -> add("cold copies", Health.WARNING, warning, ""));
    }

    private void examinePackageCopies() {
        try {
            PackageCopies copies = PackageCopies.open(config.archive(), Stores.configuration(config));
            Map<PackageFolder, Integer> found =
                    copies.count(PackageStore.of(config, home, Stores.configuration(config)));
            if (found.isEmpty()) {
                return;
            }
            copies.problems().forEach(problem -> add("package copies", Health.WARNING, problem, ""));
            Optional<String> tooFew = PackageCopies.tooFew(found, config.archive());
            tooFew.ifPresent(warning -> add("package copies", Health.WARNING, warning, ""));
            if (tooFew.isEmpty()) {
                ok(
                        "package copies",
                        Amounts.of(found.size(), "packages") + " have "
                                + config.archive().copies() + " copies or more");
            }
        } catch (IOException e) {
            add(
                    "package copies",
                    Health.BROKEN,
                    "the archive cannot be read: " + e.getMessage(),
                    "check that lake.archive.location is reachable");
        }
    }

    private void examineAuditLog() {
        AuditReport found = AuditTrail.of(config, home).verify();
        found.damages()
                .forEach(damage ->
                        add("audit log", Health.BROKEN, damage.toString(), AuditDamages.remedy(home, damage)));
        if (found.intact()) {
            ok(
                    "audit log",
                    Amounts.of(found.entries(), "entries") + ", chain and tree intact, "
                            + Amounts.count(found.signedEntries()) + " of them signed, head " + found.hash());
        }
        if (found.unfinishedBytes() > 0) {
            add(
                    "audit log",
                    Health.WARNING,
                    "a crash cut its last entry short; " + found.unfinishedBytes() + " bytes remain of it",
                    "nothing to do: the next entry records them");
        }
        found.problems().forEach(problem -> add("audit log", Health.WARNING, problem, ""));
        if (found.entries() > 0) {
            AuditDamages.tooFew(found.copies(), config)
                    .ifPresent(warning -> add("audit log", Health.WARNING, warning, ""));
        }
    }

    private void examineHotStore() {
        try {
            Optional<PostgresConnection> server = PostgresServer.running(config.postgres(), home);
            if (server.isEmpty()) {
                ok("hot store", "the embedded PostgreSQL is not running; it starts when a command needs it");
                return;
            }
            long served = ServedPartitions.read(server.get(), config.postgres().connectTimeout()).values().stream()
                    .filter(partition -> partition.state() == Served.State.SERVING)
                    .count();
            ok("hot store", "serves " + Amounts.of(served, "partitions"));
            if (!config.postgres().embedded()) {
                examineSettings(server.get());
                examineServerLog(server.get());
                ok(
                        "hot store vectors",
                        VectorExtension.find(server.get())
                                .map(extension -> "can be published: pgvector " + extension.version())
                                .orElse(
                                        "cannot be published, for the server has no pgvector; the lake's own index serves"));
            } else if (config.postgres().wal().archive().isPresent()) {
                examineWal(server.get());
            }
            Outbox.waiting(server.get()).forEach((dataset, writes) -> {
                if (writes > 0) {
                    add(
                            dataset.toString(),
                            Health.WARNING,
                            Amounts.of(writes, "writes") + " of applications are not in Delta yet",
                            "run `lake tier sync`");
                }
            });
        } catch (HotStoreUnavailableException e) {
            LakeException failure = e.asFailure();
            add("hot store", Health.BROKEN, failure.problem() + ": " + failure.reason(), failure.remedy());
        } catch (LakeException e) {
            add("hot store", Health.BROKEN, e.problem() + ": " + e.reason(), e.remedy());
        }
    }

    private void examineWal(PostgresConnection server) {
        String archive = config.postgres().wal().archive().orElseThrow().toString();
        WalArchive.Health health = WalArchive.health(server);
        if (!health.on()) {
            add(
                    "hot store log",
                    Health.WARNING,
                    "is not archived: the server was started before lake.postgres.wal.archive was set",
                    "`lake down` stops it, and the next command that needs it starts it anew");
        } else if (health.failing().isPresent()) {
            add(
                    "hot store log",
                    Health.WARNING,
                    Amounts.of(health.waiting(), "pieces") + " of it wait to be archived; attempts fail since "
                            + health.failing().get(),
                    "mount " + archive + " or make room there; "
                            + home.postgresDirectory().resolve("postgres.log") + " has the reason");
        } else {
            ok("hot store log", "is archived to " + archive);
        }
    }

    private void examineSettings(PostgresConnection server) {
        List<Difference> differences = ServerSettings.differences(server);
        if (differences.isEmpty()) {
            ok("hot store settings", "are as conf/postgres/server.conf advises");
            return;
        }
        add(
                "hot store settings",
                Health.WARNING,
                differences.stream()
                        .map(each -> each.setting() + " = " + each.found())
                        .collect(Collectors.joining(", ")),
                "conf/postgres/server.conf advises "
                        + differences.stream()
                                .map(each -> each.setting() + " = " + each.advised())
                                .collect(Collectors.joining(", ")));
    }

    private void examineServerLog(PostgresConnection server) {
        List<String> lacking = ServerLogWatch.lacking(server);
        if (lacking.isEmpty()) {
            ok("hot store log", "failed log-ins and denied accesses come to the audit log");
            return;
        }
        add(
                "hot store log",
                Health.WARNING,
                "failed log-ins and denied accesses do not come to the audit log",
                "let an administrator do this in the lake's database: " + String.join("; ", lacking));
    }

    private void ok(String check, String finding) {
        add(check, Health.OK, finding, "");
    }

    private void add(String check, Health health, String finding, String remedy) {
        checks.add(new Check(check, health, finding, remedy));
    }
}
