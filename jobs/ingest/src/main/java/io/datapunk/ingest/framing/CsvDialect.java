package io.datapunk.ingest.framing;

/**
 * Where the header of a CSV document stands and what separates its fields.
 *
 * @param headerFrom index of the header's first byte
 * @param headerTo index after its last byte, without the line break
 * @param separator the byte between two fields
 */
record CsvDialect(int headerFrom, int headerTo, byte separator) {
    private static final byte[] SEPARATORS = {',', ';', '\t'};
    private static final int PREAMBLE_RECORDS = 16;

    /**
     * The first record with two fields or more is the header if the record after it has as many; what stands before it is
     * a preamble of single fields. Otherwise the first record is the header.
     */
    static CsvDialect recognise(byte[] buffer, int from, int to) {
        CsvDialect best = null;
        int mostFields = 1;
        for (byte separator : SEPARATORS) {
            CsvCursor cursor = new CsvCursor(buffer, from, to, separator);
            if (!findHeader(cursor)) {
                continue;
            }
            CsvDialect candidate = new CsvDialect(cursor.from(), cursor.to(), separator);
            int fields = cursor.fields();
            if (fields > mostFields && cursor.next() && cursor.fields() == fields) {
                best = candidate;
                mostFields = fields;
            }
        }
        return best == null ? first(buffer, from, to) : best;
    }

    private static boolean findHeader(CsvCursor cursor) {
        for (int record = 0; record < PREAMBLE_RECORDS && cursor.next(); record++) {
            if (cursor.fields() >= 2) {
                return true;
            }
        }
        return false;
    }

    /** The separator that divides a header into most fields. */
    static byte separatorOf(byte[] header, int from, int to) {
        byte separator = SEPARATORS[0];
        int most = 1;
        for (byte candidate : SEPARATORS) {
            CsvCursor cursor = new CsvCursor(header, from, to, candidate);
            if (cursor.next() && cursor.fields() > most) {
                most = cursor.fields();
                separator = candidate;
            }
        }
        return separator;
    }

    private static CsvDialect first(byte[] buffer, int from, int to) {
        CsvCursor cursor = new CsvCursor(buffer, from, to, SEPARATORS[0]);
        if (!cursor.next()) {
            return new CsvDialect(from, from, SEPARATORS[0]);
        }
        return new CsvDialect(cursor.from(), cursor.to(), separatorOf(buffer, cursor.from(), cursor.to()));
    }
}
