package io.datapunk.archive.create;

import io.datapunk.lake.container.EntryReader;
import io.datapunk.lake.container.EntryRef;
import io.datapunk.lake.container.SafetyLimits;
import io.datapunk.lake.spark.WorkerFiles;
import java.io.IOException;
import java.io.InputStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;

/** An entry of an export, under its container's name. */
record ContainerEntry(EntryRef entry, SafetyLimits limits) implements SourceEntry {
    @Override
    public String path() {
        return entry.part().name() + "/" + entry.path();
    }

    @Override
    public long bytes() {
        return entry.bytes();
    }

    @Override
    public InputStream open(Configuration store) throws IOException {
        WorkerFiles.require(Stream.of(entry.part().location()));
        return new EntryReader(limits).open(entry);
    }
}
