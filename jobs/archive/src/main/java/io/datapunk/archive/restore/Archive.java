package io.datapunk.archive.restore;

import io.datapunk.archive.bag.PackageCopies;
import io.datapunk.archive.bag.PackageFolder;
import io.datapunk.archive.bag.PackageStore;
import io.datapunk.archive.bag.StoredPackage;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.encryption.KeyAudit;
import io.datapunk.lake.encryption.Keyring;
import io.datapunk.lake.encryption.MasterKeys;
import io.datapunk.lake.encryption.SegmentKeys;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.storage.Stores;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/** The packages of a lake, for commands that start no Spark. */
final class Archive {
    private final LakeConfig config;
    private final LakeHome home;
    private final Configuration configuration;
    private final PackageStore store;

    Archive(LakeConfig config, LakeHome home) throws IOException {
        this.config = config;
        this.home = home;
        this.configuration = Stores.configuration(config);
        this.store = PackageStore.of(config, home, configuration);
    }

    PackageStore store() {
        return store;
    }

    PackageCopies copies() {
        return PackageCopies.open(config.archive(), configuration);
    }

    /**
     * The keys of packages, to open them with; in the audit log first, where the lake can be written.
     *
     * @param subject the package, or all of them
     * @throws LakeException where the master key cannot be used
     */
    SegmentKeys keys(String subject, String purpose, int packages, Instant now) {
        if (home.isWritable()) {
            new KeyAudit(config, home, "archive", now).using(subject, purpose, "packages", packages);
        }
        return new SegmentKeys(
                new Keyring(home.keysPath(), configuration),
                MasterKeys.of(configuration),
                config.archive().masterKey());
    }

    /** All packages that are complete. */
    List<PackageFolder> packages() throws IOException {
        return packages(store);
    }

    private static List<PackageFolder> packages(PackageStore store) throws IOException {
        List<PackageFolder> complete = new ArrayList<>();
        for (PackageFolder folder : store.folders()) {
            if (store.isComplete(folder)) {
                complete.add(folder);
            }
        }
        return complete;
    }

    /**
     * A package by its id or its folder.
     *
     * @throws LakeException (usage) where there is none
     */
    StoredPackage find(String name) throws IOException {
        return find(name, store);
    }

    /** As {@link #find(String)}, in one of the places that have copies. */
    static StoredPackage find(String name, PackageStore store) throws IOException {
        for (PackageFolder folder : packages(store)) {
            if (folder.id().equals(name) || folder.path().equals(name)) {
                Optional<StoredPackage> stored = StoredPackage.open(store, folder);
                if (stored.isPresent()) {
                    return stored.get();
                }
            }
        }
        throw LakeException.usage(
                "there is no package '" + name + "'",
                "the archive at " + store + " has none of that id or folder",
                "`lake sql \"SELECT package_id, path FROM archive.packages\"` lists them");
    }
}
