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

    /** The action of the entry that says that something is about to expire; a package's subject is its path. */
    public static final String EXPIRE = "archive.expire";

    /** That entry's detail: the plan that is carried out. */
    public static final String PLAN = "plan";

    /** The entry's detail: SHA-256 of the package's {@code tagmanifest-sha256.txt}. */
    public static final String SHA256 = "sha256";

    private final Map<String, String> digests;
    /** Plans by package. */
    private final Map<String, String> expired;

    private PackageRecords(Map<String, String> digests, Map<String, String> expired) {
        this.digests = digests;
        this.expired = expired;
    }

    public static PackageRecords read(AuditTrail trail) {
        Map<String, String> digests = new TreeMap<>();
        Map<String, String> expired = new TreeMap<>();
        trail.read(0, entry -> {
            if (entry.action().equals(CREATE)) {
                digests.put(entry.subject(), entry.details().get(SHA256));
            } else if (entry.action().equals(REMOVE)) {
                digests.remove(entry.subject());
            } else if (entry.action().equals(EXPIRE) && digests.remove(entry.subject()) != null) {
                expired.put(entry.subject(), entry.details().get(PLAN));
            }
        });
        return new PackageRecords(digests, expired);
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
            } else if (expired.containsKey(folder.path())) {
                damages.add(damage(
                        folder,
                        "it has expired and is still here; `lake archive expire --apply " + expired.get(folder.path())
                                + "` goes on with it"));
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
