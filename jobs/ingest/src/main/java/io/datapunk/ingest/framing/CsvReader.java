package io.datapunk.ingest.framing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Reads the records of a CSV range. */
final class CsvReader extends WindowReader {
    private static final long NOT_IN_RANGE = -1;

    private final int headBytes;
    private String header;
    private byte separator;
    private boolean begun;
    private long headerPosition = NOT_IN_RANGE;
    /** After so many bytes were read twice because of quotes that never close, lines are taken as they are. */
    private long rereadBudget = 1L << 30;

    /** @param headBytes the header and what stands before it lie in so many first bytes of the document */
    CsvReader(Window window, String header, int headBytes) {
        super(window);
        this.header = header;
        this.headBytes = headBytes;
    }

    @Override
    Frame step() throws IOException {
        if (!begun) {
            begun = true;
            begin();
        }
        if (!skipLineBreaks()) {
            return null;
        }
        long position = window.offsetOf(window.position);
        window.begin(window.position);
        FrameState state = findEnd() ? FrameState.COMPLETE : FrameState.BROKEN;
        return window.end(withoutReturn(window.position), sectionOf(position), state);
    }

    private String sectionOf(long position) {
        if (position == headerPosition) {
            return CsvFraming.HEADER;
        }
        return position < headerPosition ? CsvFraming.PREAMBLE : header;
    }

    private void begin() throws IOException {
        if (window.offsetOf(window.position) > 0) {
            separator = separatorOfHeader();
            return;
        }
        window.require(headBytes);
        int to = Math.min(window.limit, window.position + headBytes);
        ByteOrderMark.skip(window);
        CsvDialect dialect = CsvDialect.recognise(window.buffer, window.position, to);
        headerPosition = window.offsetOf(dialect.headerFrom());
        header = CsvFraming.text(window.buffer, dialect.headerFrom(), dialect.headerTo());
        separator = separatorOfHeader();
    }

    private byte separatorOfHeader() {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        return CsvDialect.separatorOf(text, 0, text.length);
    }

    private boolean skipLineBreaks() throws IOException {
        while (true) {
            while (window.position < window.limit) {
                byte b = window.buffer[window.position];
                if (b != '\n' && b != '\r') {
                    return true;
                }
                window.position++;
            }
            if (!window.fill()) {
                return false;
            }
        }
    }

    /** Moves to the line feed that ends the record, or to the end; false when a quote did not close. */
    private boolean findEnd() throws IOException {
        if (rereadBudget < 0) {
            findLineFeed();
            return false;
        }
        int state = CsvState.FIELD_BEGINS;
        boolean mayGoBack = true;
        while (true) {
            // The same place for every way to split and to fill: exactly where the record passes its limit.
            long reach =
                    mayGoBack ? (long) window.recordFrom() + window.limits().recordBytes() + 1 : Long.MAX_VALUE;
            int limit = (int) Math.min(window.limit, reach);
            state = scan(state, limit);
            if (state == CsvState.ENDED) {
                return true;
            }
            if (window.position == reach) {
                if (state == CsvState.QUOTED && goBackToFirstLine()) {
                    return false;
                }
                mayGoBack = false;
            } else if (!window.fill()) {
                if (state == CsvState.QUOTED && mayGoBack) {
                    goBackToFirstLine();
                }
                return state != CsvState.QUOTED;
            }
        }
    }

    private int scan(int begin, int limit) {
        byte[] buffer = window.buffer;
        int index = window.position;
        int state = begin;
        while (index < limit) {
            if (state == CsvState.QUOTED) {
                index = Bytes.indexOf(buffer, index, limit, (byte) '"');
                if (index < limit) {
                    state = CsvState.CLOSED;
                    index++;
                }
            } else if (state == CsvState.CLOSED && buffer[index] == '"') {
                state = CsvState.QUOTED;
                index++;
            } else {
                state = CsvState.UNQUOTED;
                index = Bytes.indexOfEither(buffer, index, limit, (byte) '"', (byte) '\n');
                if (index < limit) {
                    if (buffer[index] == '\n') {
                        state = CsvState.ENDED;
                        break;
                    }
                    boolean opens = index == window.recordFrom() || buffer[index - 1] == separator;
                    state = opens ? CsvState.QUOTED : CsvState.UNQUOTED;
                    index++;
                }
            }
        }
        window.position = index;
        return state;
    }

    private void findLineFeed() throws IOException {
        while (true) {
            window.position = Bytes.indexOf(window.buffer, window.position, window.limit, (byte) '\n');
            if (window.position < window.limit || !window.fill()) {
                return;
            }
        }
    }

    /** Ends the record with its first line, so that the lines after it are saved; false when that line did not end. */
    private boolean goBackToFirstLine() {
        int feed = Bytes.indexOf(window.buffer, window.recordFrom(), window.position, (byte) '\n');
        if (feed == window.position) {
            return false;
        }
        rereadBudget -= window.position - feed;
        window.position = feed;
        return true;
    }

    private int withoutReturn(int end) {
        return window.buffer[end - 1] == '\r' ? end - 1 : end;
    }
}
