package io.datapunk.archive.erase;

import io.datapunk.archive.erase.ErasureReport.Store;
import io.datapunk.lake.audit.AuditEvent;
import io.datapunk.lake.audit.AuditLog;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.LakePersons;
import io.datapunk.lake.delta.Person;
import io.datapunk.lake.delta.PersonRows;
import io.datapunk.lake.delta.PersonRows.Holding;
import io.datapunk.lake.delta.TableLog;
import io.datapunk.lake.delta.TableSnapshot;
import io.datapunk.lake.encryption.Erasure;
import io.datapunk.lake.encryption.KeyAudit;
import io.datapunk.lake.encryption.Keyring;
import io.datapunk.lake.hold.Hold;
import io.datapunk.lake.hold.HoldStore;
import io.datapunk.lake.index.IndexStore;
import io.datapunk.lake.manifest.Manifests;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.PartitionFiles;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.model.table.ImportJobsTable;
import io.datapunk.lake.model.table.LakeTables;
import io.datapunk.lake.model.table.UsersTable;
import io.datapunk.lake.postgres.HotStore;
import io.datapunk.lake.postgres.PersonTables;
import io.datapunk.lake.postgres.PostgresConnection;
import io.datapunk.lake.postgres.PostgresRecovery;
import io.datapunk.lake.postgres.WalArchive;
import io.datapunk.lake.storage.ColdCopies;
import io.datapunk.lake.storage.JobLease;
import io.datapunk.lake.storage.Leases;
import io.datapunk.lake.storage.Leases.HeldLeases;
import io.datapunk.lake.storage.Stores;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;

/**
 * Removes a person: his keys, and with them what packages hold of him, wherever they lie; his rows in every table with the
 * files of older versions that have some; his rows in PostgreSQL; copies of such files; what imports have unpacked. Others'
 * rows are compared before anything goes that could bring them back.
 *
 * <p>That it was ordered is written down first, beside the keys, and that it has ended last: one that was killed is finished
 * by the next, and a lake that was restored from an older state erases again whom it erased before.
 */
public final class EraseJob {
    private static final String ACTOR = "archive";

    /** Who was erased halfway is found by these still: by his imports, then by his name. */
    private static final List<DatasetName> LAST =
            List.of(ImportJobsTable.DEFINITION.name(), UsersTable.DEFINITION.name());

    private final LakeConfig config;
    private final LakeHome home;
    private final SparkSession spark;
    private final PostgresConnection server;
    private final Progress progress;
    private final Leases leases;
    private final AuditLog audit;
    private final Keyring keyring;
    private final PersonRows tables;
    private final ColdCopies coldCopies;

    public EraseJob(
            LakeConfig config, LakeHome home, SparkSession spark, PostgresConnection server, Progress progress) {
        Configuration stores = Stores.configuration(config);
        this.config = config;
        this.home = home;
        this.spark = spark;
        this.server = server;
        this.progress = progress;
        this.leases = new Leases(home);
        this.audit = AuditLog.of(config, home);
        this.keyring = new Keyring(home.keysPath(), stores);
        this.tables = new PersonRows(spark, home);
        this.coldCopies = ColdCopies.of(config, home);
    }

    /**
     * Erases who bears this name, after those whose erasure was ordered and has not ended.
     *
     * @param name as in {@code lake.users}
     * @param dryRun only tells what would be removed
     * @throws LakeException where a hold forbids it, where nobody has the name, or where a store cannot be written; run again,
     *     it does what is left
     */
    public List<ErasureReport> run(String name, Instant now, boolean dryRun) {
        List<ErasureReport> reports = new ArrayList<>();
        if (!dryRun) {
            for (Erasure open : keyring.erasures()) {
                if (open.endedAt().isEmpty()) {
                    reports.add(erase(open.userId(), now, true));
                }
            }
        }
        Optional<String> userId = new LakePersons(home, Stores.configuration(config)).find(name);
        if (userId.isEmpty() && reports.isEmpty()) {
            throw LakePersons.unknown(name);
        }
        userId.ifPresent(id -> reports.add(dryRun ? preview(id) : erase(id, now, true)));
        return reports;
    }

    /** Erases everybody again who was erased before. */
    public List<ErasureReport> replay(Instant now, boolean dryRun) {
        return keyring.erasures().stream()
                .map(Erasure::userId)
                .map(userId -> dryRun ? preview(userId) : erase(userId, now, true))
                .toList();
    }

    /** Whether anybody was erased, or is to be. */
    public static boolean hasErasures(LakeConfig config, LakeHome home) {
        return !new Keyring(home.keysPath(), Stores.configuration(config))
                .erasures()
                .isEmpty();
    }

    /**
     * The same in a lake that was restored from an older state; copies and backups are not its own. A hold of that time stops
     * no erasure that has ended since: it was released before.
     */
    public List<ErasureReport> replayHere(Instant now) {
        return keyring.erasures().stream()
                .map(erasure -> erase(erasure.userId(), now, false))
                .toList();
    }

    private ErasureReport preview(String userId) {
        List<Holding> holdings = tables.find(tables.person(userId));
        requireNoHold(userId, holdings);
        ErasureReport.Builder report = new ErasureReport.Builder();
        new PersonPackages(config, home, audit).preview(userId, report);
        indexes((collection, store) ->
                report.add(Store.INDEXES, collection, 0, store.shardsOf(userId).size(), "shards would be removed"));
        holdings.forEach(holding -> report.add(
                Store.TABLES, holding.dataset().toString(), holding.rows(), holding.files(), "would be removed"));
        PersonTables.reading(server)
                .find(userId)
                .forEach((table, rows) -> report.add(Store.POSTGRES, table, rows, 0, "would be removed"));
        return report.build(userId, true);
    }

    /** @param everywhere also in backups */
    private ErasureReport erase(String userId, Instant now, boolean everywhere) {
        try (JobLease moving = leases.acquire(Leases.TIERING);
                JobLease copying = leases.acquire(Leases.COPIES);
                JobLease archiving = leases.acquire(Leases.ARCHIVE);
                JobLease importing = leases.acquire(Leases.importsOf(userId));
                HeldLeases indexing = leases.acquireAll(config.vectors().collections().keySet().stream()
                        .map(Leases::vectorsOf)
                        .toList());
                Progress.Stage stage = progress.begin("erasing", 7, "stores")) {
            Person person = tables.person(userId);
            List<Holding> holdings = tables.find(person);
            Erasure ordered = keyring.erasure(userId).orElseGet(() -> new Erasure(userId, now, Optional.empty()));
            boolean again = ordered.endedAt().isPresent();
            if (!again) {
                requireNoHold(userId, holdings);
            }
            audit(now, "erasure.begin", userId, Map.of("tables", Integer.toString(holdings.size())));
            if (!again) {
                keyring.write(ordered);
            }
            ErasureReport.Builder report = new ErasureReport.Builder();
            destroyKeys(userId, now, report);
            stage.advance(1);
            new PersonPackages(config, home, audit).remove(spark, userId, now, report);
            stage.advance(1);
            HotStore hot = HotStore.open(server, moving.epoch());
            removeFromPostgres(hot.persons(), userId, now, report);
            stage.advance(1);
            new StagedExports(home, leases).remove(person, report);
            stage.advance(1);
            if (everywhere) {
                new PersonBackups(config, home).remove(person, quoting(holdings), now, report);
            }
            stage.advance(1);
            removeFromTables(hot, person, holdings, now, report);
            stage.advance(1);
            removeFromIndexes(userId, now, report);
            stage.advance(1);
            return end(ordered, person, hot.persons(), now, report);
        }
    }

    /** A hold of nobody in particular protects everybody. */
    private void requireNoHold(String userId, List<Holding> holdings) {
        for (Hold hold : new HoldStore(home).read()) {
            boolean his = hold.userId().map(userId::equals).orElse(true);
            boolean here = hold.dataset().isEmpty()
                    || holdings.stream().anyMatch(holding -> hold.mayProtect(holding.dataset()));
            if (his && here) {
                throw LakeException.failed(
                        "the person " + userId + " is not erased",
                        "the hold " + hold.id() + " protects what the lake has of him (" + hold.scope() + "): "
                                + hold.reason(),
                        "when the hold's reason has ended, `lake archive hold --release " + hold.id()
                                + "`, then run the command again");
            }
        }
    }

    private void destroyKeys(String userId, Instant now, ErasureReport.Builder report) {
        int destroyed = keyring.destroy(userId, new KeyAudit(config, home, ACTOR, now));
        coldCopies
                .makeUpKeys()
                .forEach(problem -> report.leave("keys may be left in a location: " + problem.getMessage()));
        if (destroyed > 0) {
            report.add(Store.KEYS, "keys/person-" + userId, 0, destroyed, "destroyed, in every location");
        }
    }

    private void removeFromPostgres(PersonTables persons, String userId, Instant now, ErasureReport.Builder report) {
        Map<String, Long> found = persons.find(userId);
        Map<String, String> details = new TreeMap<>();
        found.forEach((table, rows) -> details.put(table, Long.toString(rows)));
        if (!found.isEmpty()) {
            audit(now, "erasure.remove-hot-rows", userId, details);
        }
        persons.remove(found, userId);
        found.forEach(
                (table, rows) -> report.add(Store.POSTGRES, table, rows, 0, "removed, the table was written anew"));
        int aside = PostgresRecovery.removeAside(home);
        if (aside > 0) {
            report.add(Store.POSTGRES, "data that a restore had kept", 0, aside, "removed");
        }
        persons.forget(WalArchive.of(config.postgres(), home))
                .forEach(left -> report.add(Store.POSTGRES, "the server", 0, 0, left));
    }

    /** The tables whose logs begin anew. */
    private static Set<DatasetName> quoting(List<Holding> holdings) {
        return holdings.stream()
                .map(Holding::dataset)
                .filter(dataset -> !LakeTables.isOwn(dataset))
                .collect(Collectors.toSet());
    }

    private void removeFromTables(
            HotStore hot, Person person, List<Holding> holdings, Instant now, ErasureReport.Builder report) {
        TableLog log = TableLog.of(config, home);
        List<DatasetName> datasets = holdings.stream()
                .map(Holding::dataset)
                .sorted(Comparator.comparingInt(LAST::indexOf))
                .toList();
        for (DatasetName dataset : datasets) {
            Map<PartitionName, PartitionFiles> before = partitions(log, dataset);
            PersonRows.Removed removed = tables.remove(
                    dataset,
                    person,
                    now,
                    files -> audit(
                            now,
                            "erasure.remove-files",
                            dataset.toString(),
                            Map.of(
                                    "user", person.userId(),
                                    "files", Integer.toString(files.size()),
                                    "first", files.get(0),
                                    "last", files.get(files.size() - 1))));
            if (removed.files() > 0 && !LakeTables.isOwn(dataset)) {
                // Its log begins anew, and so does what is known of it.
                Manifests.of(config, home).accept(dataset, now);
            }
            Map<PartitionName, PartitionFiles> after = partitions(log, dataset);
            // PostgreSQL has lost the same rows: what it serves is what Delta has.
            after.forEach((partition, files) -> partition
                    .value()
                    .flatMap(value -> Optional.ofNullable(before.get(partition)))
                    .filter(older -> !older.fileSetHash().equals(files.fileSetHash()))
                    .ifPresent(older -> hot.writable().follow(older.fileSetHash(), files)));
            report.add(
                    Store.TABLES,
                    dataset.toString(),
                    removed.rows(),
                    removed.files(),
                    "removed from version " + removed.deltaVersion()
                            + " on and from history; others' rows have the checksum "
                            + removed.others().hex());
            ColdCopies.Made copies = coldCopies.removeRetired(dataset, List.copyOf(after.values()));
            if (copies.files() > 0) {
                report.add(Store.COPIES, dataset.toString(), 0, copies.files(), "removed from all locations");
            }
            copies.problems().forEach(problem -> report.leave("copies may be left: " + problem.getMessage()));
        }
    }

    private void removeFromIndexes(String userId, Instant now, ErasureReport.Builder report) {
        indexes((collection, store) -> {
            Set<String> shards = store.shardsOf(userId);
            if (!shards.isEmpty()) {
                audit(
                        now,
                        "erasure.remove-shards",
                        collection,
                        Map.of("user", userId, "shards", String.join(" ", shards)));
                store.erase(userId);
                report.add(
                        Store.INDEXES,
                        collection,
                        0,
                        shards.size(),
                        "shards removed; `lake vectors build " + collection + "` brings back the others' rows");
            }
        });
    }

    private void indexes(BiConsumer<String, IndexStore> work) {
        Configuration stores = Stores.configuration(config);
        IndexStore.collections(home, stores)
                .forEach(collection -> work.accept(collection, IndexStore.of(home, stores, collection)));
    }

    private static Map<PartitionName, PartitionFiles> partitions(TableLog log, DatasetName dataset) {
        Map<PartitionName, PartitionFiles> partitions = new HashMap<>();
        log.snapshot(dataset)
                .map(TableSnapshot::partitions)
                .orElse(List.of())
                .forEach(partition -> partitions.put(partition.partition(), partition));
        return partitions;
    }

    /** Looks once more at everything that can be looked at. */
    private ErasureReport end(
            Erasure ordered, Person person, PersonTables persons, Instant now, ErasureReport.Builder report) {
        String userId = ordered.userId();
        tables.find(person)
                .forEach(holding -> report.leave(holding.dataset() + " has " + holding.files()
                        + " files with rows of the person, and " + holding.unreadable()
                        + " that cannot be read and may be in the"
                        + " making"));
        indexes((collection, store) -> store.shardsOf(userId)
                .forEach(shard -> report.leave("shard " + shard + " of collection " + collection + " has rows")));
        persons.find(userId).forEach((table, rows) -> report.leave("PostgreSQL's " + table + " has " + rows + " rows"));
        if (report.isWhole()) {
            audit(now, "erasure.end", userId, Map.of());
            if (ordered.endedAt().isEmpty()) {
                keyring.write(new Erasure(userId, ordered.orderedAt(), Optional.of(now)));
            }
            coldCopies
                    .makeUpKeys()
                    .forEach(
                            problem -> report.leave("the end is not written down everywhere: " + problem.getMessage()));
        }
        return report.build(userId, false);
    }

    private void audit(Instant now, String action, String subject, Map<String, String> details) {
        audit.append(new AuditEvent(now, ACTOR, action, subject, details));
    }
}
