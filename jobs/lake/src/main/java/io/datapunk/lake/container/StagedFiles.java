package io.datapunk.lake.container;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Opens staged files; remembers their seek tables and the last few decompressed frames, which neighbours share. */
final class StagedFiles {
    /** One for each task of a large machine, roughly; each holds {@link FrameFile#FRAME_BYTES}. */
    private static final int FRAMES_KEPT = 16;

    private record Key(Path file, int frame) {}

    private final Map<Path, SeekTable> tables = new ConcurrentHashMap<>();
    private final Map<Key, byte[]> frames = new LinkedHashMap<>(FRAMES_KEPT, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, byte[]> eldest) {
            return size() > FRAMES_KEPT;
        }
    };

    /** Decompressed size of a staged file. */
    long bytes(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return SeekTable.read(channel).bytes();
        }
    }

    SeekableStream open(Path file, long from, long to) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        try {
            SeekTable table = tables.get(file);
            if (table == null) {
                table = SeekTable.read(channel);
                tables.put(file, table);
            }
            if (to > table.bytes()) {
                throw new IOException(
                        "%s holds %,d bytes, but byte %,d is asked for".formatted(file, table.bytes(), to));
            }
            return new Stream(file, channel, table, from, to);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private byte[] frame(Path file, FileChannel channel, SeekTable table, int frame) throws IOException {
        Key key = new Key(file, frame);
        synchronized (frames) {
            byte[] kept = frames.get(key);
            if (kept != null) {
                return kept;
            }
        }
        byte[] bytes = table.decompress(channel, frame);
        synchronized (frames) {
            frames.put(key, bytes);
        }
        return bytes;
    }

    private final class Stream extends SeekableStream {
        private final Path file;
        private final FileChannel channel;
        private final SeekTable table;
        private byte[] current = new byte[0];
        private long currentFrom;

        Stream(Path file, FileChannel channel, SeekTable table, long from, long to) {
            super(from, to);
            this.file = file;
            this.channel = channel;
            this.table = table;
        }

        @Override
        int readAt(long at, byte[] target, int from, int length) throws IOException {
            if (at < currentFrom || at >= currentFrom + current.length) {
                int frame = table.frameAt(at);
                current = frame(file, channel, table, frame);
                currentFrom = table.from(frame);
            }
            int index = (int) (at - currentFrom);
            int read = Math.min(length, current.length - index);
            System.arraycopy(current, index, target, from, read);
            return read;
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
