package io.datapunk.archive.backup.create;

import io.datapunk.lake.config.ArchiveConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.storage.RawFiles;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/** Which files of a home are backed up besides tables, keys and PostgreSQL. */
final class HomeFiles {
    private static final List<String> LOCAL =
            List.of("audit", "access", "plans", "pins.json", "holds.json", "lake.version", "run/leases");
    private static final String AUDIT_LOG = "audit/log.ndjson";
    /** Of leases what counts is which run was the last: PostgreSQL lets none of an older number in. */
    private static final Pattern LOCKS = Pattern.compile("lock|.+\\.lock");

    private final FileSystem rootStore;
    private final FileSystem localStore;
    private final Path root;
    private final Path local;
    private final List<String> rootFolders;

    HomeFiles(LakeHome home, ArchiveConfig archive, Configuration stores) throws IOException {
        this.root = new Path(home.root());
        this.local = new Path(home.local().toString());
        this.rootStore = RawFiles.of(root, stores);
        this.localStore = RawFiles.of(local, stores);
        // Packages elsewhere are kept where they are.
        this.rootFolders = archive.location().isEmpty()
                ? List.of("archive", "manifest", "vectors")
                : List.of("manifest", "vectors");
    }

    FileSystem rootStore() {
        return rootStore;
    }

    FileSystem localStore() {
        return localStore;
    }

    Path root() {
        return root;
    }

    Path local() {
        return local;
    }

    /** Relative to the root. What lies there never changes once it is complete. */
    List<String> ofRoot() throws IOException {
        List<String> files = new ArrayList<>();
        for (String folder : rootFolders) {
            files.addAll(files(rootStore, root, folder));
        }
        // Shards are made of the tables again, and hold texts of persons whom an erasure would have to find there.
        files.removeIf(file -> file.startsWith("vectors/") && !file.contains("/manifests/"));
        return files;
    }

    /** Relative to the local folder; the audit log last, so that all that builds on it is no newer. */
    List<String> ofLocal() throws IOException {
        List<String> files = new ArrayList<>();
        for (String name : LOCAL) {
            files.addAll(files(localStore, local, name));
        }
        if (!local.toUri().getPath().equals(root.toUri().getPath())) {
            files.addAll(files(localStore, local, "keys"));
        }
        files.sort(Comparator.comparing((String path) -> path.equals(AUDIT_LOG)));
        return files;
    }

    private static List<String> files(FileSystem store, Path base, String name) throws IOException {
        List<String> found = new ArrayList<>();
        String prefix = store.makeQualified(base).toUri().getPath() + "/";
        try {
            RemoteIterator<LocatedFileStatus> files = store.listFiles(new Path(base, name), true);
            while (files.hasNext()) {
                Path file = files.next().getPath();
                if (!LOCKS.matcher(file.getName()).matches()) {
                    found.add(file.toUri().getPath().substring(prefix.length()));
                }
            }
        } catch (FileNotFoundException nothingYet) {
            return List.of();
        }
        found.sort(null);
        return found;
    }
}
