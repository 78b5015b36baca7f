package io.datapunk.ingest.framing;

import java.io.IOException;

/** The assignment that makes a JSON document a script, as in X's {@code window.YTD.tweets.part0 = [}. */
final class JsonPrefix {
    private static final int LONGEST = 256;

    private JsonPrefix() {}

    /** Moves behind the equals sign if there is such a prefix, else nowhere. */
    static void skip(Window window) throws IOException {
        window.require(LONGEST);
        byte[] buffer = window.buffer;
        int to = Math.min(window.limit, window.position + LONGEST);
        int index = skipWhiteSpace(buffer, window.position, to);
        int name = index;
        while (index < to && isNamePart(buffer[index])) {
            index++;
        }
        if (index == name) {
            return;
        }
        index = skipWhiteSpace(buffer, index, to);
        if (index < to && buffer[index] == '=') {
            int document = skipWhiteSpace(buffer, index + 1, to);
            if (document < to && (buffer[document] == '[' || buffer[document] == '{')) {
                window.position = document;
            }
        }
    }

    private static int skipWhiteSpace(byte[] buffer, int from, int to) {
        int index = from;
        while (index < to && Bytes.isWhiteSpace(buffer[index])) {
            index++;
        }
        return index;
    }

    private static boolean isNamePart(byte b) {
        return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || b == '.' || b == '_' || b == '$';
    }
}
