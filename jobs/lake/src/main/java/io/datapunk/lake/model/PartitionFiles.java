package io.datapunk.lake.model;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;

/** The live files of one partition at one version of its table, sorted by path. */
public record PartitionFiles(PartitionName partition, long deltaVersion, List<DataFile> files) implements Serializable {
    public PartitionFiles {
        files = files.stream().sorted(Comparator.comparing(DataFile::path)).toList();
    }

    /** A partition without rows. */
    public static PartitionFiles none(PartitionName partition, long deltaVersion) {
        return new PartitionFiles(partition, deltaVersion, List.of());
    }

    public FileTier tier() {
        return FileTier.of(files);
    }

    public long bytes() {
        return files.stream().mapToLong(DataFile::bytes).sum();
    }

    /** The rows by the files' statistics, {@link DataFile#ROWS_UNKNOWN} as soon as one file has none. */
    public long rows() {
        long rows = 0;
        for (DataFile file : files) {
            if (file.rows() == DataFile.ROWS_UNKNOWN || file.hasDeletionVector()) {
                return DataFile.ROWS_UNKNOWN;
            }
            rows += file.rows();
        }
        return rows;
    }

    /** SHA-256, as hex, over the sorted paths and deletion vectors: two equal hashes name the same rows. */
    public String fileSetHash() {
        MessageDigest sha256 = Sha256.digest();
        for (DataFile file : files) {
            sha256.update(file.path().getBytes(StandardCharsets.UTF_8));
            sha256.update((byte) 0);
            // A deletion vector changes the rows of a file without changing its path.
            sha256.update(file.deletionVector().getBytes(StandardCharsets.UTF_8));
            sha256.update((byte) 0);
        }
        return HexFormat.of().formatHex(sha256.digest());
    }
}
