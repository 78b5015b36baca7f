package io.datapunk.archive.backup.create;

import io.datapunk.archive.backup.point.StoredFile;
import io.datapunk.archive.backup.point.StoredPostgres;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.postgres.PostgresCopy;
import io.datapunk.lake.postgres.WalArchive;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Stores the embedded PostgreSQL while it runs: its files, and the log of that time, which makes them consistent. */
final class PostgresBackup {
    private final FileBackup files;
    private final FileSystem local;
    private final Path root;

    PostgresBackup(FileBackup files, FileSystem local, LakeHome home) {
        this.files = files;
        this.local = local;
        this.root = new Path(home.postgresDirectory().toString());
    }

    StoredPostgres store(PostgresCopy copy, long now) throws IOException {
        List<StoredPostgres.Leaf> serving = copy.served().values().stream()
                .map(leaf -> new StoredPostgres.Leaf(
                        leaf.partition().toString(), leaf.state().name(), leaf.deltaVersion()))
                .toList();
        PostgresCopy.Listing listing = copy.files();
        List<StoredFile> stored = new ArrayList<>(files.store(local, root, listing.files(), Map.of()));
        PostgresCopy.Finished finished = copy.finish();
        List<StoredFile> log = files.store(local, root, finished.log(), Map.of());
        if (log.size() < finished.log().size() || log.isEmpty()) {
            throw LakeException.failed(
                    "PostgreSQL was not backed up",
                    "of its log " + finished.log() + " a part is missing",
                    "run `lake backup create` again");
        }
        stored.addAll(log);
        stored.add(files.store(PostgresCopy.labelFile(), finished.label(), now));
        return new StoredPostgres(
                listing.folders(),
                stored,
                serving,
                copy.walArchive().map(WalArchive::name).orElse(null));
    }
}
