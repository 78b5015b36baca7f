package io.datapunk.ingest.framing;

import java.io.IOException;
import java.util.Arrays;

/**
 * Looks for the place after damage where a JSON document's structure is plausible again: an element that begins as the
 * damaged one did (as much white space after the comma, the same first name), or a line that begins with a name and is
 * indented less than the damaged element.
 */
final class JsonResync {
    /** A first name longer than this is not compared. */
    private static final int LOOK_AHEAD = 512;

    private static final long NONE = -1;

    /** The white space before the damaged value says nothing. */
    static final long ANY = -1;

    private final Window window;
    private final boolean amongElements;
    private final long whiteSpace;
    private final long deepestMember;
    /** The damaged value's opening, from its brace to the quote after its first name; empty when that is not readable. */
    private final byte[] opening;

    private final byte first;

    private boolean member;
    private long comma = NONE;
    private long lineFeed = NONE;

    /**
     * Must be made while the damaged value's beginning is in the window.
     *
     * @param from index of the damaged value or name
     * @param amongElements whether the damage is in an array of elements, else it is among members
     * @param whiteSpace how many bytes of it stand between the comma and the value, or {@link #ANY}
     * @param lineIndent how far the line of the value is indented; negative when no line begins with it
     */
    JsonResync(Window window, int from, boolean amongElements, long whiteSpace, long lineIndent) {
        this.window = window;
        this.amongElements = amongElements;
        this.whiteSpace = whiteSpace;
        this.deepestMember = amongElements ? lineIndent - 1 : lineIndent;
        this.first = window.buffer[from];
        int name = amongElements && first == '{' ? endOfName(from + 1) : -1;
        this.opening = name < 0 ? new byte[0] : Arrays.copyOfRange(window.buffer, from, name);
    }

    /**
     * Moves the window from its position to the next plausible place before {@code reach}.
     *
     * @return false when there is none; the window then stands at {@code reach} or at the end of the stream
     */
    boolean find(long reach) throws IOException {
        while (true) {
            if (window.offsetOf(window.position) == reach || !window.require(1)) {
                return false;
            }
            byte b = window.buffer[window.position];
            if (b == '\n') {
                lineFeed = window.offsetOf(window.position);
            } else if (b == ',') {
                comma = window.offsetOf(window.position);
                lineFeed = NONE;
            } else if (!Bytes.isWhiteSpace(b)) {
                if (isPlausible(b)) {
                    return true;
                }
                comma = NONE;
                lineFeed = NONE;
            }
            window.position++;
        }
    }

    /** Whether the place found is a name in the top-level object, not an element. */
    boolean isMember() {
        return member;
    }

    /** Offset in the entry of the line feed before the place found; negative when there is none. */
    long lineFeed() {
        return lineFeed;
    }

    boolean isAfterComma() {
        return comma != NONE;
    }

    /** Offset in the entry where the damaged bytes end, before the separator. */
    long end() {
        return member && comma == NONE ? lineFeed : comma;
    }

    private boolean isPlausible(byte b) throws IOException {
        long offset = window.offsetOf(window.position);
        boolean afterComma = comma != NONE && (whiteSpace == ANY || offset - comma - 1 == whiteSpace);
        boolean outdented = lineFeed != NONE && offset - lineFeed - 1 <= deepestMember;
        if (b == '"' && (outdented || afterComma && !amongElements)) {
            window.require(LOOK_AHEAD);
            member = isName();
            if (member) {
                return true;
            }
        }
        if (!amongElements || !afterComma) {
            return false;
        }
        window.require(LOOK_AHEAD);
        if (opening.length > 0) {
            return Bytes.startsWith(window.buffer, window.position, window.limit, opening);
        }
        if (first == '{' || b == '{') {
            return b == '{' && endOfName(window.position + 1) > 0;
        }
        return b == '[' || b == '"' || JsonValueScan.beginsScalar(b);
    }

    private boolean isName() {
        int index = endOfName(window.position);
        while (index >= 0 && index < window.limit && Bytes.isWhiteSpace(window.buffer[index])) {
            index++;
        }
        return index >= 0 && index < window.limit && window.buffer[index] == ':';
    }

    /** Index after the name that begins at an index, white space aside; -1 when there is none. */
    private int endOfName(int from) {
        int to = Math.min(window.limit, from + LOOK_AHEAD / 2);
        int index = from;
        while (index < to && Bytes.isWhiteSpace(window.buffer[index])) {
            index++;
        }
        if (index == to || window.buffer[index] != '"') {
            return -1;
        }
        int end = Bytes.indexInString(window.buffer, index + 1, to);
        return end < to && window.buffer[end] == '"' ? end + 1 : -1;
    }
}
