package io.datapunk.ingest.framing;

import java.nio.charset.StandardCharsets;
import java.util.Random;

/** Documents as exporters write them, and the same with damage. */
final class RandomDocuments {
    private static final String[] WORDS = {
        "Watched", "From ", "\\\"quoted\\\"", "é", "\\\\", "{", "]", ",", "\\n", "a", "\u202f", "x".repeat(70)
    };

    private final Random random;
    private final StringBuilder out = new StringBuilder();

    private RandomDocuments(long seed) {
        this.random = new Random(seed);
    }

    static byte[] of(FramingKind kind, long seed, int damages) {
        RandomDocuments documents = new RandomDocuments(seed);
        switch (kind) {
            case JSON -> documents.json();
            case MBOX -> documents.mailbox();
            case HTML_CELLS -> documents.html();
            case CSV -> documents.csv();
            case LINES, WHOLE -> documents.lines();
        }
        byte[] bytes = documents.out.toString().getBytes(StandardCharsets.UTF_8);
        return documents.damaged(bytes, damages);
    }

    private byte[] damaged(byte[] bytes, int damages) {
        byte[] result = bytes;
        for (int i = 0; i < damages && result.length > 0; i++) {
            int at = random.nextInt(result.length);
            switch (random.nextInt(4)) {
                case 0 -> result[at] = (byte) "\"{}[]:,\n\\x1 ".charAt(random.nextInt(12));
                case 1 -> result[at] = (byte) random.nextInt(256);
                case 2 -> result = without(result, at, Math.min(result.length, at + 1 + random.nextInt(30)));
                default -> {
                    if (random.nextInt(4) == 0) {
                        result = without(result, at, result.length);
                    }
                }
            }
        }
        return result;
    }

    private static byte[] without(byte[] bytes, int from, int to) {
        byte[] rest = new byte[bytes.length - (to - from)];
        System.arraycopy(bytes, 0, rest, 0, from);
        System.arraycopy(bytes, to, rest, from, bytes.length - to);
        return rest;
    }

    private void mark() {
        if (random.nextInt(5) == 0) {
            out.append('\uFEFF');
        }
    }

    private void json() {
        mark();
        boolean pretty = random.nextBoolean();
        if (random.nextInt(6) == 0) {
            out.append("window.YTD.tweets.part0 = ");
            array(pretty, 0);
            return;
        }
        if (random.nextBoolean()) {
            array(pretty, 0);
        } else {
            out.append('{');
            int members = random.nextInt(5);
            for (int i = 0; i < members; i++) {
                out.append(i == 0 ? "" : ",");
                line(pretty, 1);
                out.append('"').append("member ").append(i).append(random.nextInt(5) == 0 ? "\\u00e9" : "");
                out.append("\":").append(pretty ? " " : "");
                if (random.nextInt(3) > 0) {
                    array(pretty, 1);
                } else {
                    value(pretty, 1);
                }
            }
            line(pretty, 0);
            out.append('}');
        }
        if (random.nextBoolean()) {
            out.append('\n');
        }
    }

    private void array(boolean pretty, int depth) {
        out.append('[');
        int elements = random.nextInt(14);
        for (int i = 0; i < elements; i++) {
            out.append(i == 0 ? "" : ",");
            line(pretty, depth + 1);
            if (random.nextInt(8) == 0) {
                value(pretty, depth + 1);
            } else {
                object(pretty, depth + 1);
            }
        }
        line(pretty, depth);
        out.append(']');
    }

    private void object(boolean pretty, int depth) {
        out.append('{');
        int members = 1 + random.nextInt(3);
        for (int i = 0; i < members; i++) {
            out.append(i == 0 ? "" : ",");
            line(pretty, depth + 1);
            out.append(i == 0 ? "\"header\":" : "\"name\":");
            value(pretty, depth + 1);
        }
        line(pretty, depth);
        out.append('}');
    }

    private void value(boolean pretty, int depth) {
        switch (depth > 4 ? random.nextInt(3) : random.nextInt(6)) {
            case 0 -> out.append(random.nextInt()).append(random.nextBoolean() ? ".5e3" : "");
            case 1 -> out.append(random.nextBoolean() ? "true" : "null");
            case 2, 3 -> string();
            case 4 -> object(pretty, depth);
            default -> array(pretty, depth);
        }
    }

    private void string() {
        out.append('"');
        int words = random.nextInt(4);
        for (int i = 0; i < words; i++) {
            out.append(WORDS[random.nextInt(WORDS.length)]);
        }
        out.append('"');
    }

    private void line(boolean pretty, int depth) {
        if (pretty) {
            out.append('\n').append("  ".repeat(depth));
        }
    }

    private void mailbox() {
        String feed = random.nextBoolean() ? "\n" : "\r\n";
        int messages = random.nextInt(8);
        for (int i = 0; i < messages; i++) {
            out.append("From ")
                    .append(random.nextInt(100))
                    .append("@xxx Mon Jan 01 00:00:00 +0000 2024")
                    .append(feed);
            out.append("Subject: ").append(i).append(feed).append(feed);
            int lines = random.nextInt(6);
            for (int line = 0; line < lines; line++) {
                switch (random.nextInt(5)) {
                    case 0 -> out.append("From here on it goes down");
                    case 1 -> out.append(">From me Mon Jan 01 00:00:00 2024");
                    case 2 -> out.append("y".repeat(random.nextInt(200)));
                    case 3 ->
                        out.append("From x Mon Jan 01 00:00:00 2024")
                                .append(feed)
                                .append("no header here");
                    default -> {
                        // a blank line
                    }
                }
                out.append(feed);
            }
            if (i + 1 < messages || random.nextBoolean()) {
                out.append(feed);
            }
        }
    }

    private void html() {
        out.append("<html><head><style>.x{}</style></head><body>");
        int cells = random.nextInt(20);
        for (int i = 0; i < cells; i++) {
            out.append("<div class=\"outer-cell mdl-cell\"><div class=\"content-cell\">")
                    .append("z".repeat(random.nextInt(200)))
                    .append("</div></div>\n");
        }
        out.append("</body></html>");
    }

    private void csv() {
        mark();
        if (random.nextInt(5) == 0) {
            out.append("Notes:\n\"Some, note\"\n\n");
        }
        String feed = random.nextBoolean() ? "\n" : "\r\n";
        String separator = random.nextInt(3) == 0 ? ";" : ",";
        int columns = 1 + random.nextInt(4);
        int rows = random.nextInt(25);
        for (int row = 0; row <= rows; row++) {
            for (int column = 0; column < columns; column++) {
                out.append(column == 0 ? "" : separator);
                if (row == 0) {
                    out.append("Column ").append(column);
                } else {
                    field(separator, feed);
                }
            }
            out.append(row < rows || random.nextBoolean() ? feed : "");
        }
    }

    private void field(String separator, String feed) {
        switch (random.nextInt(5)) {
            case 0 -> out.append("\"a").append(feed).append("b\"");
            case 1 -> out.append("\"5\"\" disk").append(separator).append("\"");
            case 2 -> out.append("5\" disk");
            case 3 -> out.append("v".repeat(random.nextInt(120)));
            default -> out.append(random.nextInt());
        }
    }

    private void lines() {
        mark();
        int lines = random.nextInt(30);
        for (int i = 0; i < lines; i++) {
            out.append(random.nextInt(5) == 0 ? "  " : "{\"a\":" + "1".repeat(random.nextInt(150)) + "} ");
            out.append(random.nextBoolean() ? "\n" : "\r\n");
        }
        out.append(random.nextBoolean() ? "last" : "");
    }
}
