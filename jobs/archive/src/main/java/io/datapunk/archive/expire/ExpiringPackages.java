package io.datapunk.archive.expire;

import io.datapunk.archive.bag.PackageCopies;
import io.datapunk.archive.bag.PackageFolder;
import io.datapunk.archive.bag.PackageStore;
import io.datapunk.archive.bag.StoredPackage;
import io.datapunk.archive.create.PackageTables;
import io.datapunk.lake.config.LakeHome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;

/** The packages of a plan: those that refer to others before these, then what SQL finds of them. */
final class ExpiringPackages {
    private final SparkSession spark;
    private final LakeHome home;
    private final PackageStore store;
    private final PackageCopies copies;

    ExpiringPackages(SparkSession spark, LakeHome home, PackageStore store, PackageCopies copies) {
        this.spark = spark;
        this.home = home;
        this.store = store;
        this.copies = copies;
    }

    /** @param gone those that an earlier run has removed, perhaps not to the end */
    void remove(List<PlannedExpiry> rows, List<PlannedExpiry> gone, Deletion deletion) throws IOException {
        if (!copies.problems().isEmpty()) {
            Stream.concat(rows.stream(), gone.stream())
                    .forEach(row -> deletion.leave(row, copies.problems().get(0)));
            return;
        }
        List<PlannedExpiry> waiting = new ArrayList<>(rows);
        Set<String> ids = new TreeSet<>();
        while (!waiting.isEmpty()) {
            Set<String> needed = needed();
            List<PlannedExpiry> next = waiting.stream()
                    .filter(row -> !needed.contains(row.subject().name()))
                    .toList();
            if (next.isEmpty()) {
                waiting.forEach(row -> deletion.leave(row, "a package that stays has content in it"));
                break;
            }
            for (PlannedExpiry row : next) {
                Deleted what = Deleted.of(row, OptionalLong.empty(), row.fingerprint());
                deletion.begin(what);
                ids.add(remove(row));
                deletion.done(what);
            }
            waiting.removeAll(next);
        }
        for (PlannedExpiry row : gone) {
            ids.add(remove(row));
            deletion.done(Deleted.of(row, OptionalLong.empty(), row.fingerprint()));
        }
        PackageTables.forget(spark, home, ids);
    }

    /** The folders of all packages that another one refers to. */
    private Set<String> needed() throws IOException {
        Set<String> needed = new TreeSet<>();
        for (PackageFolder folder : store.folders()) {
            StoredPackage.open(store, folder).ifPresent(stored -> needed.addAll(stored.homes()));
        }
        return needed;
    }

    private String remove(PlannedExpiry row) throws IOException {
        PackageFolder folder = new PackageFolder(row.subject().name());
        // Last in the archive: what is there no more, a later run takes for removed.
        copies.remove(folder);
        store.remove(folder);
        return folder.id();
    }
}
