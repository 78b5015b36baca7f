package io.datapunk.ingest.framing;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import io.datapunk.ingest.framing.JsonValueScan.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Reads the frames of a JSON range. Between frames it is lenient: commas and white space are skipped in any number. What
 * is neither a value nor a separator begins a broken frame, which reaches to the next place where the document's
 * structure is plausible again.
 */
final class JsonReader extends WindowReader {
    private enum Place {
        /** Before the document, or after one. */
        OUTSIDE,
        /** In an array whose elements are frames. */
        ELEMENTS,
        /** In the top-level object. */
        MEMBERS
    }

    private static final JsonFactory JSON = new JsonFactory();

    /** After so many bytes were read twice because of damage, the rest is one broken frame. */
    private static final long REREAD_BUDGET = 1L << 30;

    private static final long NONE = -1;

    private final JsonValueScan scan;
    private Place place;
    private String section;
    private boolean inObject;
    /** Offsets in the entry, to know the white space before a value: after the last separator, of the last line feed. */
    private long afterSeparator;

    private long lineFeed = NONE;
    /** Whether that separator was a comma; the white space after a bracket is often another one than between values. */
    private boolean afterComma;

    private long reread;
    private boolean begun;

    JsonReader(Window window, String section) {
        super(window);
        this.scan = new JsonValueScan(window);
        this.section = section;
        this.place = window.offsetOf(0) == 0 ? Place.OUTSIDE : Place.ELEMENTS;
        this.inObject = !section.isEmpty();
        this.afterSeparator = window.offsetOf(0);
    }

    @Override
    Frame step() throws IOException {
        if (!begun && place == Place.OUTSIDE) {
            ByteOrderMark.skip(window);
            JsonPrefix.skip(window);
        }
        begun = true;
        while (skipWhiteSpace()) {
            byte b = window.buffer[window.position];
            Frame frame =
                    switch (place) {
                        case OUTSIDE -> outside(b);
                        case ELEMENTS -> element(b);
                        case MEMBERS -> member(b);
                    };
            if (frame != null) {
                return frame;
            }
        }
        return null;
    }

    private Frame outside(byte b) throws IOException {
        switch (b) {
            case '[' -> enterArray("", false);
            case '{' -> {
                place = Place.MEMBERS;
                separator();
            }
            case ',', ';' -> separator();
            default -> {
                return value(JsonFraming.MEMBER);
            }
        }
        return null;
    }

    private Frame element(byte b) throws IOException {
        switch (b) {
            case ',' -> comma();
            case ']' -> {
                place = inObject ? Place.MEMBERS : Place.OUTSIDE;
                separator();
            }
            default -> {
                return value(section);
            }
        }
        return null;
    }

    private Frame member(byte b) throws IOException {
        switch (b) {
            case ',' -> comma();
            case '}' -> {
                place = Place.OUTSIDE;
                separator();
            }
            case '"' -> {
                return namedMember();
            }
            default -> {
                window.begin(window.position);
                return brokenFrame(true);
            }
        }
        return null;
    }

    /** A member's value, when it is no array that can be divided; otherwise its elements follow. */
    private Frame namedMember() throws IOException {
        window.begin(window.position);
        // The scan may stop anywhere behind; damage is counted from the name, whose white space is known here.
        long separatedAt = afterSeparator;
        long lineFeedAt = lineFeed;
        Outcome outcome = scan.begin(reach());
        if (outcome != Outcome.ENDED) {
            return brokenFrame(true);
        }
        String name = name(window.recordFrom(), window.position);
        if (name == null || !skipWhiteSpace() || window.buffer[window.position] != ':') {
            afterSeparator = separatedAt;
            lineFeed = lineFeedAt;
            return brokenFrame(true);
        }
        window.position++;
        if (!skipWhiteSpace()) {
            return brokenFrame(true);
        }
        if (window.buffer[window.position] == '[' && isDivisible(name)) {
            enterArray(name, true);
            return null;
        }
        afterSeparator = separatedAt + (window.offsetOf(window.position) - window.recordPosition());
        lineFeed =
                lineFeedAt == NONE ? NONE : lineFeedAt + (window.offsetOf(window.position) - window.recordPosition());
        return value(JsonFraming.MEMBER + name);
    }

    /** A name that would be taken for the top-level array, or for a member's, cannot name a section to go on from. */
    private static boolean isDivisible(String name) {
        return !name.isEmpty() && !name.startsWith(JsonFraming.MEMBER);
    }

    private void enterArray(String name, boolean withinObject) {
        place = Place.ELEMENTS;
        section = name;
        inObject = withinObject;
        separator();
    }

    private void separator() {
        window.position++;
        separated();
    }

    private void comma() {
        separator();
        afterComma = true;
    }

    private void separated() {
        afterSeparator = window.offsetOf(window.position);
        lineFeed = NONE;
        afterComma = false;
    }

    private Frame value(String valueSection) throws IOException {
        window.begin(window.position);
        Outcome outcome = scan.begin(reach());
        boolean all = true;
        if (outcome == Outcome.REACHED) {
            // Too long, or a quote or bracket is missing: then an element like this one lies within the limit.
            JsonResync resync = resync();
            long stopped = window.offsetOf(window.position);
            window.position = window.recordFrom() + 1;
            if (reread < REREAD_BUDGET && resync.find(stopped)) {
                return resynced(resync, stopped);
            }
            reread += window.limits().recordBytes();
            window.position = window.indexOf(stopped);
            all = false;
            outcome = scan.resume(JsonValueScan.NO_REACH);
        }
        if (outcome != Outcome.ENDED) {
            return brokenFrame(all);
        }
        Frame frame = window.end(window.position, valueSection, FrameState.COMPLETE);
        separated();
        return frame;
    }

    /** Where the record under way has its longest permitted length; the same for every way to fill the window. */
    private long reach() {
        return window.recordPosition() + window.limits().recordBytes() + 1;
    }

    private JsonResync resync() {
        long position = window.recordPosition();
        long lineIndent = lineFeed == NONE ? NONE : position - lineFeed - 1;
        long whiteSpace = afterComma ? position - afterSeparator : JsonResync.ANY;
        return new JsonResync(window, window.recordFrom(), place == Place.ELEMENTS, whiteSpace, lineIndent);
    }

    /**
     * Ends the record under way where the structure is plausible again, or with the stream.
     *
     * @param all whether the record lies whole in the window, to be looked through from its beginning
     */
    private Frame brokenFrame(boolean all) throws IOException {
        long stopped = window.offsetOf(window.position);
        if (all && place != Place.OUTSIDE && reread < REREAD_BUDGET) {
            JsonResync resync = resync();
            window.position = window.recordFrom() + 1;
            if (resync.find(JsonValueScan.NO_REACH)) {
                return resynced(resync, stopped);
            }
        }
        window.position = window.limit;
        while (window.fill()) {
            window.position = window.limit;
        }
        String brokenSection = brokenSection();
        place = Place.OUTSIDE;
        return window.end(window.position, brokenSection, FrameState.BROKEN);
    }

    private Frame resynced(JsonResync resync, long stopped) {
        reread += Math.max(0, stopped - window.offsetOf(window.position));
        Frame frame = window.end(window.indexOf(resync.end()), brokenSection(), FrameState.BROKEN);
        if (resync.isMember()) {
            place = Place.MEMBERS;
        }
        afterSeparator = resync.end() + 1;
        afterComma = resync.isAfterComma();
        lineFeed = resync.lineFeed();
        return frame;
    }

    private String brokenSection() {
        return place == Place.ELEMENTS ? section : JsonFraming.MEMBER;
    }

    private boolean skipWhiteSpace() throws IOException {
        while (true) {
            byte[] buffer = window.buffer;
            int index = window.position;
            int limit = window.limit;
            while (index < limit && Bytes.isWhiteSpace(buffer[index])) {
                if (buffer[index] == '\n') {
                    lineFeed = window.offsetOf(index);
                }
                index++;
            }
            window.position = index;
            if (index < limit) {
                return true;
            }
            if (!window.fill()) {
                return false;
            }
        }
    }

    /** The name between two quotes, or null when its escapes are wrong. */
    private String name(int from, int to) throws IOException {
        String quoted = new String(window.buffer, from, to - from, StandardCharsets.UTF_8);
        if (quoted.indexOf('\\') < 0) {
            return quoted.substring(1, quoted.length() - 1);
        }
        try (JsonParser parser = JSON.createParser(quoted)) {
            parser.nextToken();
            return parser.getText();
        } catch (JsonProcessingException wrong) {
            return null;
        }
    }
}
