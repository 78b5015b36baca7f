package io.datapunk.ingest.framing;

import java.io.IOException;

/**
 * Finds where a JSON value ends. Only strings and the nesting of brackets are followed: whether the value is valid inside
 * is for its parser.
 */
final class JsonValueScan {
    enum Outcome {
        /** The window stands behind the value. */
        ENDED,
        /** The window stands at a byte that cannot be there. */
        BROKEN,
        /** The window stands where the caller asked to be told; {@link #resume} goes on. */
        REACHED,
        /** The stream ended within the value. */
        CUT
    }

    /** The depth that Jackson reads by default. */
    private static final int DEEPEST = 1000;

    static final long NO_REACH = Long.MAX_VALUE;

    private final Window window;
    /** For each open bracket the byte that closes it. */
    private final byte[] closers = new byte[DEEPEST];

    private int depth;
    private boolean inString;
    private boolean escaped;
    private boolean scalar;

    JsonValueScan(Window window) {
        this.window = window;
    }

    /**
     * Scans the value that begins at the window's position.
     *
     * @param reach offset in the entry where to stop and ask, or {@link #NO_REACH}
     */
    Outcome begin(long reach) throws IOException {
        depth = 0;
        escaped = false;
        byte first = window.buffer[window.position];
        inString = first == '"';
        scalar = !inString && first != '{' && first != '[';
        if (scalar && !beginsScalar(first)) {
            return Outcome.BROKEN;
        }
        if (!scalar) {
            depth = inString ? 0 : 1;
            closers[0] = closerOf(first);
            window.position++;
        }
        return resume(reach);
    }

    Outcome resume(long reach) throws IOException {
        while (true) {
            int limit = (int) Math.min(window.limit, reach - window.offsetOf(0));
            Outcome outcome = scalar ? scalar(limit) : nested(limit);
            if (outcome != null) {
                return outcome;
            }
            if (window.offsetOf(window.position) == reach) {
                return Outcome.REACHED;
            }
            if (!window.fill()) {
                return scalar ? Outcome.ENDED : Outcome.CUT;
            }
        }
    }

    private Outcome scalar(int limit) {
        byte[] buffer = window.buffer;
        int index = window.position;
        while (index < limit && !endsScalar(buffer[index])) {
            index++;
        }
        window.position = index;
        return index < limit ? Outcome.ENDED : null;
    }

    private Outcome nested(int limit) {
        byte[] buffer = window.buffer;
        int index = window.position;
        int open = depth;
        boolean string = inString;
        Outcome outcome = null;
        if (escaped && index < limit) {
            escaped = false;
            index++;
        }
        while (index < limit) {
            if (string) {
                index = Bytes.indexInString(buffer, index, limit);
                if (index == limit) {
                    break;
                }
                byte b = buffer[index];
                if (b == '"') {
                    string = false;
                    index++;
                    if (open == 0) {
                        outcome = Outcome.ENDED;
                        break;
                    }
                } else if (b == '\\') {
                    escaped = index + 1 == limit;
                    index = Math.min(limit, index + 2);
                } else {
                    // A raw line feed: JSON forbids it, and it is the sign of a quote that is missing.
                    outcome = Outcome.BROKEN;
                    break;
                }
            } else {
                index = Bytes.indexOfStructure(buffer, index, limit);
                if (index == limit) {
                    break;
                }
                byte b = buffer[index];
                if (b == '"') {
                    string = true;
                } else if (b == '{' || b == '[') {
                    if (open == DEEPEST) {
                        outcome = Outcome.BROKEN;
                        break;
                    }
                    closers[open++] = closerOf(b);
                } else if (b == '}' || b == ']') {
                    if (closers[--open] != b) {
                        outcome = Outcome.BROKEN;
                        break;
                    }
                    if (open == 0) {
                        index++;
                        outcome = Outcome.ENDED;
                        break;
                    }
                }
                index++;
            }
        }
        window.position = index;
        depth = open;
        inString = string;
        return outcome;
    }

    private static byte closerOf(byte opener) {
        return (byte) (opener == '{' ? '}' : ']');
    }

    static boolean beginsScalar(byte b) {
        return b >= '0' && b <= '9' || b == '-' || b == 't' || b == 'f' || b == 'n';
    }

    private static boolean endsScalar(byte b) {
        return switch (b) {
            case ',', ':', ']', '}', '[', '{', '"', ' ', '\n', '\r', '\t' -> true;
            default -> false;
        };
    }
}
