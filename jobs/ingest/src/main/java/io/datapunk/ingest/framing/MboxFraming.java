package io.datapunk.ingest.framing;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * Messages of a mailbox. A separator is a {@code From } line with a date, after a blank line (or where the range
 * begins) and before a header line; anything less is a line of a body. A message's frame begins with its {@code From }
 * line and ends before the blank line that ends it.
 */
record MboxFraming(FramingLimits limits) implements LocalFraming {
    private static final Needle LINE_FROM = new Needle("\nFrom ".getBytes(StandardCharsets.US_ASCII));
    private static final byte[] FROM = "From ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] QUOTED_FROM = ">From ".getBytes(StandardCharsets.US_ASCII);

    /** A {@code From } line and the name of the header after it fit in here. */
    private static final int LOOK_AHEAD = 2048;

    private static final Pattern DATE = Pattern.compile("\\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\\b,?\\s.*"
            + "\\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\\b.*\\b\\d{1,2}:\\d{2}\\b.*");
    private static final Pattern YEAR = Pattern.compile("\\b(?:19|20)\\d{2}\\b");

    @Override
    public FrameReader open(InputStream in, long offset, String section) {
        return new Reader(new Window(in, offset, limits));
    }

    @Override
    public long nextBorder(InputStream in, long offset) throws IOException {
        Window window = new Window(in, offset, limits);
        return findSeparator(window) ? window.offsetOf(window.position) : NO_BORDER;
    }

    /** Moves to the next separator that has a blank line before it; false when the stream ended. */
    private static boolean findSeparator(Window window) throws IOException {
        while (true) {
            int found = LINE_FROM.find(window.buffer, window.position, window.limit);
            if (found < 0) {
                window.position = Math.max(window.position, window.limit - LINE_FROM.length() + 1);
                if (!window.fill()) {
                    window.position = window.limit;
                    return false;
                }
                continue;
            }
            window.position = found + 1;
            if (isBlankLineBefore(window) && isSeparator(window)) {
                return true;
            }
        }
    }

    private static boolean isBlankLineBefore(Window window) {
        int feed = window.position - 1;
        return at(window, feed - 1) == '\n' || (at(window, feed - 1) == '\r' && at(window, feed - 2) == '\n');
    }

    private static int at(Window window, int index) {
        return index < 0 ? -1 : window.buffer[index];
    }

    private static boolean isSeparator(Window window) throws IOException {
        int line = fromLine(window);
        int to = Math.min(window.limit, window.position + LOOK_AHEAD);
        return line > 0 && isHeaderLine(window.buffer, window.position + line, to) && hasDate(window, line);
    }

    /** Where a range begins, a message is certain enough without a header, too. */
    private static boolean isFirstSeparator(Window window) throws IOException {
        int line = fromLine(window);
        return line > 0 && hasDate(window, line);
    }

    /** Length of the {@code From } line at the window's position with its line feed, or -1 when there is none. */
    private static int fromLine(Window window) throws IOException {
        window.require(LOOK_AHEAD);
        int from = window.position;
        int to = Math.min(window.limit, from + LOOK_AHEAD);
        int feed = Bytes.indexOf(window.buffer, from, to, (byte) '\n');
        return feed < to && Bytes.startsWith(window.buffer, from, to, FROM) ? feed + 1 - from : -1;
    }

    private static boolean hasDate(Window window, int length) {
        String line = new String(window.buffer, window.position, length, StandardCharsets.ISO_8859_1);
        return DATE.matcher(line).find() && YEAR.matcher(line).find();
    }

    /** A header's name and colon, or an older {@code >From } line, which some programs put there. */
    private static boolean isHeaderLine(byte[] buffer, int from, int to) {
        int index = from;
        while (index < to && buffer[index] > ' ' && buffer[index] < 0x7f && buffer[index] != ':') {
            index++;
        }
        boolean named = index > from && index < to && buffer[index] == ':';
        return named || Bytes.startsWith(buffer, from, to, QUOTED_FROM);
    }

    private static final class Reader extends WindowReader {
        private boolean begun;
        private boolean atSeparator;

        Reader(Window window) {
            super(window);
        }

        @Override
        Frame step() throws IOException {
            if (!begun) {
                begun = true;
                skipBlankLines();
            }
            if (window.position == window.limit && !window.fill()) {
                return null;
            }
            // Bytes before the first separator are no message; they are kept as a broken frame.
            FrameState state = atSeparator || isFirstSeparator(window) ? FrameState.COMPLETE : FrameState.BROKEN;
            window.begin(window.position);
            atSeparator = findSeparator(window);
            int end = atSeparator || endsWithBlankLine() ? withoutLineBreak(window.position) : window.position;
            return window.end(end, NO_SECTION, state);
        }

        private void skipBlankLines() throws IOException {
            if (window.offsetOf(window.position) == 0) {
                ByteOrderMark.skip(window);
            }
            do {
                while (window.position < window.limit
                        && (window.buffer[window.position] == '\n' || window.buffer[window.position] == '\r')) {
                    window.position++;
                }
            } while (window.position == window.limit && window.fill());
        }

        private boolean endsWithBlankLine() {
            return at(window, window.position - 1) == '\n' && isBlankLineBefore(window);
        }

        private int withoutLineBreak(int end) {
            return at(window, end - 2) == '\r' ? end - 2 : end - 1;
        }
    }
}
