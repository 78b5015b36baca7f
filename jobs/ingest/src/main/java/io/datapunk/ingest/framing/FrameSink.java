package io.datapunk.ingest.framing;

import java.io.IOException;

/** Takes frames one by one. */
@FunctionalInterface
public interface FrameSink {
    void accept(Frame frame) throws IOException;
}
