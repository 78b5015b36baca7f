package io.datapunk.lake.manifest;

import io.datapunk.lake.audit.AuditEvent;
import io.datapunk.lake.audit.AuditLog;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.storage.Stores;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Carries out the repairs that lose nothing. */
public final class Repairs {
    private final LakeConfig config;
    private final LakeHome home;
    private final Configuration store;

    public Repairs(LakeConfig config, LakeHome home) {
        this.config = config;
        this.home = home;
        this.store = Stores.configuration(config);
    }

    /**
     * Repairs what was found; stands in the audit log first.
     *
     * @param finding one that has a repair
     * @throws LakeException where the store refuses
     */
    public void carryOut(Finding finding, Instant now) {
        Repair repair = finding.repair().orElseThrow();
        AuditLog.of(config, home)
                .append(new AuditEvent(
                        now,
                        "lake",
                        repair.copy().isEmpty() ? "doctor.remove" : "doctor.copy-back",
                        finding.subject(),
                        Map.of("file", finding.place(), "found", finding.found(), "copy", repair.copy())));
        Path file = new Path(repair.file());
        try {
            FileSystem files = file.getFileSystem(store);
            if (repair.copy().isEmpty()) {
                files.delete(file, false);
                if (finding.kind() == Finding.Kind.CHECKPOINT) {
                    // It may name the checkpoint that is gone; readers list the log without it.
                    files.delete(new Path(file.getParent(), TableFiles.LAST_CHECKPOINT), false);
                }
            } else {
                copy(new Path(repair.copy()), file, files);
            }
        } catch (IOException e) {
            throw LakeException.failed(
                    finding.place() + " could not be repaired",
                    e.getClass().getSimpleName() + ": " + e.getMessage(),
                    "check that you may write it, and run the command again",
                    e);
        }
    }

    private void copy(Path from, Path to, FileSystem files) throws IOException {
        Path next =
                "file".equals(files.getUri().getScheme()) ? new Path(to.getParent(), "." + to.getName() + ".new") : to;
        try (FSDataInputStream in = from.getFileSystem(store).open(from);
                FSDataOutputStream out = files.create(next, true)) {
            in.transferTo(out);
        }
        if (!next.equals(to)) {
            files.delete(to, false);
            files.rename(next, to);
        }
    }
}
