package io.datapunk.ingest.job;

import io.datapunk.ingest.framing.FramingLimits;
import io.datapunk.lake.config.IngestConfig;

/** The configured limits in the words of those who keep them. */
final class Limits {
    private Limits() {}

    static FramingLimits framing(IngestConfig config) {
        return new FramingLimits((int) config.maxRecordBytes(), 64 << 10);
    }
}
