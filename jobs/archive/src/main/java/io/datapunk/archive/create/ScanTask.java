package io.datapunk.archive.create;

import io.datapunk.archive.content.EntryScan;
import io.datapunk.archive.content.ScannedEntry;
import java.io.IOException;
import java.io.Serializable;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;

/** Reads an entry once: what it is, and where it is cut. */
record ScanTask(Broadcast<SerializableConfiguration> store) implements Function<SourceEntry, ScanTask.Scanned> {
    /**
     * An entry, or why it cannot be read.
     *
     * @param entry null where it cannot
     * @param reason null where it can
     */
    record Scanned(String path, ScannedEntry entry, String reason) implements Serializable {}

    @Override
    public Scanned call(SourceEntry source) {
        try {
            return new Scanned(
                    source.path(),
                    EntryScan.of(source.path(), source.open(store.value().value())),
                    null);
        } catch (IOException e) {
            return new Scanned(source.path(), null, e.getMessage());
        }
    }
}
