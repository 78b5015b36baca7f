package io.datapunk.lake.postgres;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Cuts blocks of a log into lines, of which it keeps the beginning alone: who logs in can make them long. */
final class LogLines {
    private static final int KEPT_BYTES = 1024;

    private final Consumer<String> lines;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(KEPT_BYTES);
    private long read;
    private long ended;

    LogLines(Consumer<String> lines) {
        this.lines = lines;
    }

    void accept(byte[] block) {
        for (byte next : block) {
            read++;
            if (next == '\n') {
                lines.accept(line.toString(StandardCharsets.UTF_8));
                line.reset();
                ended = read;
            } else if (line.size() < KEPT_BYTES) {
                line.write(next);
            }
        }
    }

    /** Bytes up to the end of the last line; what follows is not written to its end yet. */
    long ended() {
        return ended;
    }
}
