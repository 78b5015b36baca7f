package io.datapunk.ingest.framing;

/** Where in a CSV record the scan is. Plain numbers: the scan asks once for each byte. */
final class CsvState {
    static final int FIELD_BEGINS = 0;
    static final int UNQUOTED = 1;
    static final int QUOTED = 2;
    /** After a quote that closed the field, unless another quote follows: then it was an escaped one. */
    static final int CLOSED = 3;

    static final int ENDED = 4;

    private CsvState() {}

    static int after(int state, byte b, byte separator) {
        if (b == '"') {
            return state == QUOTED ? CLOSED : state == UNQUOTED ? UNQUOTED : QUOTED;
        }
        if (state == QUOTED) {
            return QUOTED;
        }
        return b == separator ? FIELD_BEGINS : UNQUOTED;
    }
}
