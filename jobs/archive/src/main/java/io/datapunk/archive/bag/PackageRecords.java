package io.datapunk.archive.bag;

import io.datapunk.lake.audit.AuditTrail;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The packages that the audit log knows: what an archive has to hold. Of a package that was taken away as a whole, or
 * replaced by another one that is in itself in order, nothing else would tell.
 */
public final class PackageRecords {
    /** The action of the entry that says that a package was made; its subject is the package's path. */
    public static final String CREATE = "archive.create";

    /** The action of the entry that says that a package was taken away for good; its subject is the package's path. */
    public static final String REMOVE = "archive.remove";

    /** The entry's detail: SHA-256 of the package's {@code tagmanifest-sha256.txt}. */
    public static final String SHA256 = "sha256";

    private final Map<String, String> digests;

    private PackageRecords(Map<String, String> digests) {
        this.digests = digests;
    }

    public static PackageRecords read(AuditTrail trail) {
        Map<String, String> digests = new TreeMap<>();
        trail.read(0, entry -> {
            if (entry.action().equals(CREATE)) {
                digests.put(entry.subject(), entry.details().get(SHA256));
            } else if (entry.action().equals(REMOVE)) {
                digests.remove(entry.subject());
            }
        });
        return new PackageRecords(digests);
    }

    /** The packages' folders. */
    public List<PackageFolder> folders() {
        return digests.keySet().stream().map(PackageFolder::new).toList();
    }

    /** What of these packages is missing, is another one than was made, or was not made here. */
    public List<Damage> compare(PackageStore store, List<PackageFolder> packages) throws IOException {
        List<Damage> damages = new ArrayList<>();
        for (PackageFolder folder : packages) {
            String recorded = digests.get(folder.path());
            if (!store.isComplete(folder)) {
                damages.add(damage(folder, "the file is missing, and with it the package"));
            } else if (recorded == null) {
                damages.add(damage(
                        folder,
                        "the audit log names no such package; where a run was killed the next `lake archive create`"
                                + " writes it down"));
            } else if (!recorded.equals(StoredPackage.digest(store, folder))) {
                damages.add(damage(folder, "the audit log names another package of this path: " + recorded));
            }
        }
        return damages;
    }

    private static Damage damage(PackageFolder folder, String what) {
        return new Damage(folder, PackageFolder.TAG_MANIFEST, 0, what);
    }
}
