package io.datapunk.ingest.framing;

import io.datapunk.lake.container.ByteSource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Reads frames in tests and keeps their bytes. */
final class Frames {
    /** A frame with its own bytes. */
    record Kept(String text, long position, long bytes, String section, FrameState state) {
        long end() {
            return position + bytes;
        }
    }

    private Frames() {}

    static List<Kept> of(FramingKind kind, String document) {
        return of(kind.framing(), document.getBytes(StandardCharsets.UTF_8));
    }

    static List<Kept> of(Framing framing, byte[] document) {
        return of(framing, new ByteArrayInputStream(document), 0, Framing.NO_SECTION);
    }

    static List<Kept> of(Framing framing, InputStream in, long offset, String section) {
        List<Kept> kept = new ArrayList<>();
        try {
            framing.frames(
                    in,
                    offset,
                    section,
                    frame -> kept.add(new Kept(
                            new String(frame.copy(), StandardCharsets.ISO_8859_1),
                            frame.position(),
                            frame.bytes(),
                            frame.section(),
                            frame.state())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return kept;
    }

    static List<String> texts(FramingKind kind, String document) {
        return of(kind, document).stream()
                .map(frame -> new String(frame.text().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8))
                .toList();
    }

    static List<String> sections(FramingKind kind, String document) {
        return of(kind, document).stream().map(Kept::section).toList();
    }

    static ByteSource source(byte[] document) {
        return new ByteSource() {
            @Override
            public long bytes() {
                return document.length;
            }

            @Override
            public InputStream open(long from, long to) {
                return new ByteArrayInputStream(document, (int) from, (int) (to - from));
            }
        };
    }

    /** The same bytes in reads of random, mostly tiny length. */
    static InputStream inDribs(byte[] document, int from, int to, long seed) {
        Random random = new Random(seed);
        return new ByteArrayInputStream(document, from, to - from) {
            @Override
            public synchronized int read(byte[] target, int offset, int length) {
                return super.read(target, offset, Math.min(length, 1 + random.nextInt(40)));
            }
        };
    }
}
