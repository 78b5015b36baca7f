package io.datapunk.ingest.framing;

/** Steps over the CSV records that lie in an array, counting their fields; used on the first bytes of a document. */
final class CsvCursor {
    private final byte[] buffer;
    private final int end;
    private final byte separator;
    private int position;
    private int from;
    private int to;
    private int fields;

    CsvCursor(byte[] buffer, int from, int to, byte separator) {
        this.buffer = buffer;
        this.position = from;
        this.end = to;
        this.separator = separator;
    }

    /** Steps to the next record that is not blank. */
    boolean next() {
        while (position < end && (buffer[position] == '\n' || buffer[position] == '\r')) {
            position++;
        }
        if (position == end) {
            return false;
        }
        from = position;
        fields = 1;
        int state = CsvState.FIELD_BEGINS;
        while (position < end && (state == CsvState.QUOTED || buffer[position] != '\n')) {
            if (state != CsvState.QUOTED && buffer[position] == separator) {
                fields++;
            }
            state = CsvState.after(state, buffer[position++], separator);
        }
        to = position > from && buffer[position - 1] == '\r' ? position - 1 : position;
        return true;
    }

    int from() {
        return from;
    }

    int to() {
        return to;
    }

    int fields() {
        return fields;
    }
}
