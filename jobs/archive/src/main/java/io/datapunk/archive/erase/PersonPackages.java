package io.datapunk.archive.erase;

import io.datapunk.archive.bag.PackageCopies;
import io.datapunk.archive.bag.PackageFolder;
import io.datapunk.archive.bag.PackageRecords;
import io.datapunk.archive.bag.PackageStore;
import io.datapunk.archive.bag.StoredPackage;
import io.datapunk.archive.create.PackageTables;
import io.datapunk.archive.erase.ErasureReport.Store;
import io.datapunk.lake.audit.AuditEvent;
import io.datapunk.lake.audit.AuditLog;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.encryption.KeyOwner;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.storage.Stores;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.SparkSession;

/**
 * The packages that hold something of a person. One that is his alone goes; in one that he shares, his segments stay as bytes
 * that nobody can open.
 */
final class PersonPackages {
    private final LakeConfig config;
    private final LakeHome home;
    private final AuditLog audit;

    PersonPackages(LakeConfig config, LakeHome home, AuditLog audit) {
        this.config = config;
        this.home = home;
        this.audit = audit;
    }

    /** @param alone whether nobody else has something in it */
    private record Share(PackageFolder folder, int segments, boolean alone) {}

    void preview(String userId, ErasureReport.Builder report) {
        explained(() -> {
            for (Share share : find(store(), userId)) {
                report.add(
                        Store.PACKAGES,
                        share.folder().path(),
                        0,
                        share.segments(),
                        share.alone() ? "would be removed" : "would become unreadable");
            }
        });
    }

    void remove(SparkSession spark, String userId, Instant now, ErasureReport.Builder report) {
        explained(() -> {
            PackageStore store = store();
            PackageCopies copies = PackageCopies.open(config.archive(), Stores.configuration(config));
            // Without his keys they say nothing; they have to go all the same.
            copies.problems().forEach(problem -> report.leave("copies of packages may be left: " + problem));
            Set<String> removed = new TreeSet<>();
            for (Share share : find(store, userId)) {
                PackageFolder folder = share.folder();
                if (share.alone()) {
                    audit.append(new AuditEvent(
                            now,
                            "archive",
                            PackageRecords.REMOVE,
                            folder.path(),
                            Map.of("why", "erasure of " + userId)));
                    copies.remove(folder);
                    store.remove(folder);
                    removed.add(folder.id());
                }
                report.add(
                        Store.PACKAGES,
                        folder.path(),
                        0,
                        share.segments(),
                        share.alone() ? "removed" : "unreadable, for their keys are destroyed");
            }
            PackageTables.forget(spark, home, removed);
        });
    }

    private PackageStore store() throws IOException {
        return PackageStore.of(config, home, Stores.configuration(config));
    }

    private static List<Share> find(PackageStore store, String userId) throws IOException {
        KeyOwner person = KeyOwner.person(userId);
        List<Share> shares = new ArrayList<>();
        for (PackageFolder folder : store.folders()) {
            Optional<StoredPackage> stored = StoredPackage.open(store, folder);
            if (stored.isPresent() && stored.get().owners().contains(person)) {
                shares.add(new Share(
                        folder,
                        stored.get().segments(person).size(),
                        stored.get().owners().size() == 1));
            }
        }
        return shares;
    }

    @FunctionalInterface
    private interface Work {
        void run() throws IOException;
    }

    private static void explained(Work work) {
        try {
            work.run();
        } catch (IOException e) {
            throw LakeException.failed(
                    "the packages of the person cannot be read or removed",
                    e.getClass().getSimpleName() + ": " + e.getMessage(),
                    "check that lake.archive.location is reachable and writable, and run the command again",
                    e);
        }
    }
}
