package io.datapunk.lake.manifest;

import io.datapunk.lake.delta.LoggedFile;
import io.datapunk.lake.manifest.Finding.Kind;
import io.datapunk.lake.model.DataFile;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.storage.ColdCopies;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.crypto.ParquetCryptoRuntimeException;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;

/** Reads every live file of a table, and compares it with what was written. */
final class DataInspection {
    private final DatasetName dataset;
    private final TableFiles files;
    private final Configuration store;
    private final ExecutorService workers;
    private final Optional<ColdCopies> copies;

    DataInspection(
            DatasetName dataset,
            TableFiles files,
            Configuration store,
            ExecutorService workers,
            Optional<ColdCopies> copies) {
        this.dataset = dataset;
        this.files = files;
        this.store = store;
        this.workers = workers;
        this.copies = copies;
    }

    List<Finding> run(Collection<DataRecord> live, Progress.Stage progress) throws IOException {
        Map<String, String> pathsByHash = new HashMap<>();
        live.forEach(file -> {
            if (!file.sha256().isEmpty()) {
                pathsByHash.put(file.sha256(), file.file().path());
            }
        });
        List<Future<List<Finding>>> checks = new ArrayList<>();
        live.forEach(file -> checks.add(workers.submit(() -> {
            List<Finding> found = examine(file, pathsByHash);
            progress.advance(file.file().bytes());
            return found;
        })));
        List<Finding> findings = new ArrayList<>();
        for (Future<List<Finding>> check : checks) {
            try {
                findings.addAll(check.get());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("reading the files of " + dataset + " was interrupted", e);
            } catch (ExecutionException e) {
                throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
            }
        }
        return findings;
    }

    private List<Finding> examine(DataRecord record, Map<String, String> pathsByHash) throws IOException {
        List<Finding> findings = new ArrayList<>();
        LoggedFile file = record.file();
        Path path = files.resolve(file.path());
        String expected =
                file.bytes() + " bytes" + (record.sha256().isEmpty() ? "" : " with SHA-256 " + record.sha256());
        try {
            FileDigest digest = files.digest(path);
            boolean changed = !record.sha256().isEmpty() && !digest.sha256().equals(record.sha256());
            if (digest.bytes() != file.bytes() || changed) {
                findings.add(damaged(record, found(digest, file, pathsByHash), expected));
            } else if (digest.staleChecksum()) {
                findings.add(
                        record.sha256().isEmpty()
                                ? damaged(record, "Hadoop's checksum beside it is of other bytes", expected)
                                : staleChecksum(path, file.path()));
            } else {
                rows(path, file)
                        .ifPresent(rows -> findings.add(damaged(record, rows, file.rows() + " rows in its footer")));
            }
        } catch (FileNotFoundException gone) {
            findings.add(damaged(record, "it is missing", expected));
        }
        if (!file.vectorPath().isEmpty()) {
            vector(record).ifPresent(findings::add);
        }
        return findings;
    }

    private static String found(FileDigest digest, LoggedFile file, Map<String, String> pathsByHash) {
        String other = pathsByHash.get(digest.sha256());
        if (other != null) {
            return "it holds the bytes of " + other;
        }
        if (digest.bytes() < file.bytes()) {
            return digest.bytes() == 0 ? "it is empty" : "it is torn: " + digest.bytes() + " bytes";
        }
        return digest.bytes() + " bytes with SHA-256 " + digest.sha256();
    }

    /** Of an encrypted file nobody can tell without its key; its bytes were compared. */
    private Optional<String> rows(Path path, LoggedFile file) throws IOException {
        if (file.rows() == DataFile.ROWS_UNKNOWN) {
            return Optional.empty();
        }
        try (ParquetFileReader reader = ParquetFileReader.open(HadoopInputFile.fromPath(path, store))) {
            long rows = reader.getRecordCount();
            return rows == file.rows() ? Optional.empty() : Optional.of("its footer has " + rows + " rows");
        } catch (ParquetCryptoRuntimeException encrypted) {
            return Optional.empty();
        } catch (FileNotFoundException removedMeanwhile) {
            throw removedMeanwhile;
        } catch (IOException | RuntimeException e) {
            return Optional.of("its footer cannot be read: " + e.getMessage());
        }
    }

    private Optional<Finding> vector(DataRecord record) throws IOException {
        String path = record.file().vectorPath();
        String found;
        try {
            FileDigest digest = files.digest(files.resolve(path));
            if (record.vectorSha256().isEmpty() || digest.sha256().equals(record.vectorSha256())) {
                return digest.staleChecksum()
                        ? Optional.of(staleChecksum(files.resolve(path), path))
                        : Optional.empty();
            }
            found = digest.bytes() + " bytes with SHA-256 " + digest.sha256();
        } catch (FileNotFoundException gone) {
            found = "it is missing, so that deleted rows of " + record.file().path() + " cannot be told";
        }
        return Optional.of(new Finding(
                Kind.DELETION_VECTOR,
                dataset.toString(),
                place(path),
                found,
                record.vectorSha256().isEmpty() ? "" : "SHA-256 " + record.vectorSha256(),
                restore()));
    }

    private Finding damaged(DataRecord record, String found, String expected) {
        LoggedFile file = record.file();
        Optional<String> copy = record.sha256().isEmpty()
                ? Optional.empty()
                : copies.flatMap(all -> all.findCopy(dataset, file.path(), record.sha256()));
        return new Finding(
                Kind.DATA_FILE,
                dataset.toString(),
                place(file.path()),
                found,
                expected,
                copy.map(whole -> "`lake doctor --deep --repair`, which copies " + whole + " there")
                        .orElseGet(this::restore),
                copy.map(whole -> new Repair(files.resolve(file.path()).toString(), whole)));
    }

    private Finding staleChecksum(Path file, String path) {
        Path checksum = new Path(file.getParent(), "." + file.getName() + ".crc");
        return new Finding(
                Kind.DATA_FILE,
                dataset.toString(),
                place(path),
                "Hadoop's checksum beside it does not fit the file, which is whole, so that Spark refuses to read it",
                "",
                "`lake doctor --deep --repair`, which removes "
                        + checksum.toUri().getPath(),
                Optional.of(Repair.remove(checksum.toString())));
    }

    private String restore() {
        return "`lake backup restore --dataset " + dataset + "`";
    }

    private String place(String path) {
        return path.startsWith("/") || path.contains(":/")
                ? path
                : "tables/" + dataset.schema() + "/" + dataset.name() + "/" + path;
    }
}
