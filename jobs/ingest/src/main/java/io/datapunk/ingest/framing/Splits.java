package io.datapunk.ingest.framing;

import io.datapunk.lake.container.ByteSource;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Divides an entry into ranges that begin and end between records. Framing the ranges one by one gives exactly the
 * frames of the whole entry, and together they cover all its bytes.
 */
public final class Splits {
    private Splits() {}

    /**
     * Divides the bytes of a source. Mailboxes, lines and HTML cells are only looked at near the borders; JSON and CSV
     * are scanned once, because what a byte means there depends on all bytes before it.
     *
     * @param targetBytes about how long a range shall be; the last one may have half as much again
     */
    public static List<ByteRange> of(Framing framing, ByteSource source, long targetBytes) throws IOException {
        checkTarget(targetBytes);
        if (source.bytes() <= targetBytes + targetBytes / 2 || framing instanceof WholeFraming) {
            return List.of(new ByteRange(0, source.bytes(), Framing.NO_SECTION));
        }
        if (framing instanceof LocalFraming local) {
            return probe(local, source, targetBytes);
        }
        return scan(framing, source.open(0, source.bytes()), targetBytes);
    }

    /** Divides a stream by framing it from its first byte to its end, as while it is staged; closes it. */
    public static List<ByteRange> scan(Framing framing, InputStream in, long targetBytes) throws IOException {
        checkTarget(targetBytes);
        List<ByteRange> ranges = new ArrayList<>();
        long from = 0;
        String section = Framing.NO_SECTION;
        try (Counting counted = new Counting(in);
                FrameReader reader = framing.open(counted, 0, Framing.NO_SECTION)) {
            while (reader.next()) {
                Frame frame = reader.frame();
                long border = framing instanceof LocalFraming ? frame.position() : frame.end();
                if (border - from < targetBytes || frame.state() == FrameState.BROKEN) {
                    continue;
                }
                Optional<String> next = framing.sectionAfter(frame);
                if (next.isPresent()) {
                    ranges.add(new ByteRange(from, border, section));
                    from = border;
                    section = next.get();
                }
            }
            counted.drain();
            ranges.add(new ByteRange(from, counted.bytes, section));
        }
        return ranges;
    }

    private static List<ByteRange> probe(LocalFraming framing, ByteSource source, long targetBytes) throws IOException {
        List<ByteRange> ranges = new ArrayList<>();
        long from = 0;
        while (source.bytes() - from > targetBytes + targetBytes / 2) {
            long border;
            try (InputStream in = source.open(from + targetBytes, source.bytes())) {
                border = framing.nextBorder(in, from + targetBytes);
            }
            if (border == LocalFraming.NO_BORDER || border >= source.bytes()) {
                break;
            }
            ranges.add(new ByteRange(from, border, Framing.NO_SECTION));
            from = border;
        }
        ranges.add(new ByteRange(from, source.bytes(), Framing.NO_SECTION));
        return ranges;
    }

    private static void checkTarget(long targetBytes) {
        if (targetBytes < 1) {
            throw new IllegalArgumentException("split target must be at least 1 byte, but is " + targetBytes);
        }
    }

    /** Knows where the stream ends. */
    private static final class Counting extends FilterInputStream {
        private long bytes;

        Counting(InputStream in) {
            super(in);
        }

        void drain() throws IOException {
            byte[] rest = new byte[8192];
            while (read(rest, 0, rest.length) >= 0) {
                // counted by read
            }
        }

        @Override
        public int read() throws IOException {
            int read = super.read();
            bytes += read < 0 ? 0 : 1;
            return read;
        }

        @Override
        public int read(byte[] target, int from, int length) throws IOException {
            int read = super.read(target, from, length);
            bytes += Math.max(0, read);
            return read;
        }

        @Override
        public long skip(long count) throws IOException {
            long skipped = super.skip(count);
            bytes += skipped;
            return skipped;
        }
    }
}
