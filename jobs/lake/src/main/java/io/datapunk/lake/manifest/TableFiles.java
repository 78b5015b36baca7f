package io.datapunk.lake.manifest;

import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.CommitActions;
import io.datapunk.lake.delta.CommitReader;
import io.datapunk.lake.delta.LogNames;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.Sha256;
import io.datapunk.lake.storage.RawFiles;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.security.DigestInputStream;
import java.util.HexFormat;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** A table's files where they lie. May be used by several threads. */
final class TableFiles {
    static final String LAST_CHECKPOINT = "_last_checkpoint";
    private static final int BUFFER = 1 << 18;

    private final String root;
    private final Configuration configuration;
    private final FileSystem store;

    TableFiles(LakeHome home, DatasetName dataset, Configuration configuration) throws IOException {
        this.root = home.tablePath(dataset);
        this.configuration = configuration;
        this.store = new Path(root).getFileSystem(configuration);
    }

    /** @param path as the log has it, decoded */
    Path resolve(String path) {
        return path.startsWith("/") || path.contains(":/")
                ? new Path(path)
                : new Path(root, new Path(null, null, path));
    }

    Path log(String name) {
        return new Path(root + "/_delta_log/" + name);
    }

    boolean hasCommit(long version) throws IOException {
        return store.exists(log(LogNames.commitName(version)));
    }

    /** The log's files by name, without folders; empty where there is no log. */
    SortedMap<String, FileStatus> listLog() throws IOException {
        SortedMap<String, FileStatus> found = new TreeMap<>();
        try {
            for (FileStatus status : store.listStatus(log(""))) {
                if (!status.isDirectory()) {
                    found.put(status.getPath().getName(), status);
                }
            }
        } catch (FileNotFoundException none) {
            return found;
        }
        return found;
    }

    /** @throws FileNotFoundException where it does not exist */
    long bytes(Path file) throws IOException {
        return file.getFileSystem(configuration).getFileStatus(file).getLen();
    }

    /** @throws FileNotFoundException where it does not exist */
    FileDigest digest(Path file) throws IOException {
        FileSystem from = file.getFileSystem(configuration);
        try {
            return digest(from, file, false);
        } catch (ChecksumException e) {
            return digest(RawFiles.of(from), file, true);
        }
    }

    private static FileDigest digest(FileSystem from, Path file, boolean staleChecksum) throws IOException {
        try (DigestInputStream in = new DigestInputStream(from.open(file), Sha256.digest())) {
            byte[] buffer = new byte[BUFFER];
            long bytes = 0;
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                bytes += read;
            }
            return new FileDigest(bytes, hex(in), staleChecksum);
        }
    }

    /** As the file is, whatever Hadoop's checksum beside it says. */
    InputStream open(Path file) throws IOException {
        return RawFiles.of(file, configuration).open(file);
    }

    /** A commit and its bytes' digest. */
    record Commit(CommitActions actions, FileDigest digest) {}

    /**
     * @throws FileNotFoundException where there is none
     * @throws CommitReader.MalformedCommitException where it is not whole
     */
    Commit commit(long version) throws IOException {
        Path file = log(LogNames.commitName(version));
        try (DigestInputStream in = new DigestInputStream(open(file), Sha256.digest())) {
            CommitActions actions = CommitReader.read(in);
            return new Commit(actions, new FileDigest(bytes(file), hex(in), false));
        }
    }

    private static String hex(DigestInputStream in) {
        return HexFormat.of().formatHex(in.getMessageDigest().digest());
    }
}
