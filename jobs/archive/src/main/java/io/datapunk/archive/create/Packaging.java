package io.datapunk.archive.create;

import io.datapunk.archive.bag.PackageCopies;
import io.datapunk.archive.bag.PackageFolder;
import io.datapunk.archive.bag.PackageStore;
import io.datapunk.archive.bag.PackagedRows;
import io.datapunk.archive.bag.StoredPackage;
import io.datapunk.archive.retention.ExpiryPlanner;
import io.datapunk.archive.retention.RetentionRules;
import io.datapunk.lake.audit.AuditLog;
import io.datapunk.lake.config.ArchiveConfig;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.LakePersons;
import io.datapunk.lake.encryption.KeyAudit;
import io.datapunk.lake.encryption.Keyring;
import io.datapunk.lake.encryption.MasterKeys;
import io.datapunk.lake.encryption.SegmentKeys;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.spark.LakeSession;
import io.datapunk.lake.storage.FolderTree;
import io.datapunk.lake.storage.JobLease;
import io.datapunk.lake.storage.Leases;
import io.datapunk.lake.storage.ObjectLock;
import io.datapunk.lake.storage.Stores;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;

/**
 * A run that makes a package, whatever goes into it. It alone changes the archive while it works; what runs that were killed
 * have left is removed first, and what is in a package already makes none.
 */
final class Packaging {
    /** The lease of whatever changes the archive, and who stands in the audit log for it. */
    static final String JOB = Leases.ARCHIVE;

    private final SparkSession spark;
    private final LakeConfig config;
    private final LakeHome home;

    Packaging(SparkSession spark, LakeConfig config, LakeHome home) {
        this.spark = spark;
        this.config = config;
        this.home = home;
    }

    /**
     * What is to be archived.
     *
     * @param unreadable the paths of what cannot be, with the reason
     * @param identity what makes a package hold just this already
     * @param category of compliance
     * @param source what the package is called after
     * @param reason why, in one line
     * @param rows of which partition they are; empty for an export
     * @param index adds to the tables what the package itself does not tell, before it is one
     */
    record Material(
            List<PackageMaker.Owned> sources,
            Map<String, String> unreadable,
            Identity identity,
            String category,
            String source,
            ArchiveConfig.Packing packing,
            String reason,
            Optional<PackagedRows> rows,
            Consumer<PackageFolder> index) {}

    /** What two equal packages have in common. */
    enum Identity {
        /** The names of their entries, which say all about the content. */
        NAMES,
        /** Names and bytes. */
        NAMES_AND_BYTES
    }

    /** Finds the material; may use a folder that is removed afterwards. */
    @FunctionalInterface
    interface Finding {
        Material find(Path staging) throws IOException;
    }

    /**
     * @param newlyMade false where an older package holds the same
     * @param warnings of copies that there are to be
     */
    record Packed(
            PackageFolder folder,
            boolean newlyMade,
            PackageMaker.Scan scan,
            PackageMaker.Made made,
            List<String> warnings) {}

    /** @throws LakeException where the keys cannot be had, another run is under way, or a store fails */
    Packed run(Instant now, Progress progress, Finding finding) {
        try (JobLease lease = new Leases(home).acquire(JOB)) {
            return LakeSession.internal(spark, () -> pack(now, progress, finding));
        } catch (IOException e) {
            throw LakeException.failed(
                    "the package cannot be made",
                    e.getClass().getSimpleName() + ": " + e.getMessage(),
                    "check that the archive's store is reachable and has room, and run the command again",
                    e);
        }
    }

    private Packed pack(Instant now, Progress progress, Finding finding) throws IOException {
        Configuration stores = Stores.configuration(config);
        MasterKeys masterKeys = MasterKeys.of(stores);
        masterKeys.probe(config.archive().masterKey());
        SegmentKeys keys = new SegmentKeys(
                new Keyring(home.keysPath(), stores, new KeyAudit(config, home, "archive", now)),
                masterKeys,
                config.archive().masterKey());
        String location = config.archive().location().orElse(home.archivePath());
        PackageStore store = new PackageStore(location, stores);
        List<PackageFolder> unfinished = store.unfinished();
        new ArchivedRows(spark, home).forget(unfinished);
        for (PackageFolder folder : unfinished) {
            store.remove(folder);
        }
        for (PackageFolder complete : store.folders()) {
            store.protect(complete);
        }
        Path staging = home.staging(JOB);
        FolderTree.delete(staging);
        try {
            Material material = finding.find(staging);
            requireNamesNobody(material.reason());
            PackageMaker maker = new PackageMaker(spark, store, location, stores, keys, config.archive());
            PackageMaker.Scan scan = maker.scan(material.sources(), progress);
            scan.unreadable().putAll(material.unreadable());
            if (scan.count() == 0) {
                throw LakeException.failed(
                        "there is nothing to archive",
                        "no entry can be read: " + scan.unreadable(),
                        "name something that is whole");
            }
            KnownContent known = KnownContent.read(store, scan.entries().keySet(), keys);
            Optional<PackageFolder> same = known.packageOf(material, scan);
            PackageFolder folder = same.orElseGet(
                    () -> PackageFolder.of(now, material.category(), material.source(), new SecureRandom().nextInt()));
            PackageMaker.Made made =
                    same.isPresent() ? PackageMaker.Made.NOTHING : maker.make(folder, scan, known, material, progress);
            new ArchiveTables(
                            spark,
                            home,
                            AuditLog.of(config, home),
                            new RetentionRules(config.archive().retention()))
                    .update(store, keys, now);
            PackageCopies copies = PackageCopies.open(config.archive(), stores);
            List<String> warnings = new ArrayList<>(copy(store, copies));
            warnings.addAll(lock(folder, store, copies));
            return new Packed(folder, same.isEmpty(), scan, made, warnings);
        } finally {
            FolderTree.delete(staging);
        }
    }

    /** It stands in the package in plain text, which outlives the erasure of one of several persons. */
    private void requireNamesNobody(String reason) {
        new LakePersons(home, Stores.configuration(config)).namedIn(reason).ifPresent(name -> {
            throw LakeException.usage(
                    "the package was not made",
                    "its reason names a person of the lake, '" + name
                            + "', and nothing takes it out of a package again",
                    "give a --reason that names nobody, as a case's number");
        });
    }

    private List<String> copy(PackageStore store, PackageCopies copies) throws IOException {
        List<String> warnings = new ArrayList<>(copies.complete(store));
        int missing =
                config.archive().copies() - 1 - config.archive().locations().size();
        if (missing > 0) {
            warnings.add("packages are to have " + config.archive().copies() + " copies: name " + missing
                    + " more places on other hardware in lake.archive.locations");
        }
        return warnings;
    }

    private List<String> lock(PackageFolder folder, PackageStore store, PackageCopies copies) throws IOException {
        List<PackageStore> buckets = Stream.concat(
                        Stream.of(store), copies.places().stream().map(PackageCopies.Place::store))
                .filter(PackageStore::isBucket)
                .toList();
        if (config.archive().objectLock().isEmpty() || buckets.isEmpty()) {
            return List.of();
        }
        StoredPackage stored = StoredPackage.open(store, folder).orElseThrow();
        Optional<Instant> until = new RetentionRules(config.archive().retention())
                .classOf(stored.facts(Set.of()))
                .flatMap(found -> ExpiryPlanner.dueAt(found, Optional.of(folder.createdAt())));
        if (until.isEmpty()) {
            return List.of("package " + folder + " is not locked: it has no retention class with an end");
        }
        List<String> warnings = new ArrayList<>();
        for (PackageStore bucket : buckets) {
            try {
                bucket.lock(folder, new ObjectLock(config.archive().objectLock().get(), until.get()));
            } catch (IOException e) {
                warnings.add("package " + folder + " is not locked: " + e.getMessage());
            }
        }
        return warnings;
    }
}
