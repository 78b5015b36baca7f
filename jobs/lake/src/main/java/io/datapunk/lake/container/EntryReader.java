package io.datapunk.lake.container;

import io.datapunk.lake.container.EntryException.Kind;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;

/**
 * Opens entries. Serves any number of threads: each stream has its own channel. Keep one for the life of a process, it
 * remembers the indexes of staged files.
 */
public final class EntryReader {
    private static final int LOCAL_HEADER_SIGNATURE = 0x04034b50;
    private static final int NAME_LENGTH_AT = 26;
    private static final int EXTRA_LENGTH_AT = 28;
    private static final int INFLATE_BUFFER = 64 << 10;

    private final SafetyLimits limits;
    private final StagedFiles staged = new StagedFiles();

    public EntryReader(SafetyLimits limits) {
        this.limits = limits;
    }

    /**
     * Opens an entry from its beginning, to be checked and hashed while it is read.
     *
     * @throws EntryException when the entry is not readable; the stream throws it for damage found on the way
     */
    public EntryStream open(EntryRef entry) throws IOException {
        return new EntryStream(entry, limits, raw(entry, 0, entry.bytes()));
    }

    /** The first bytes of an entry, at most {@code length}; for recognising what it is. */
    public byte[] head(EntryRef entry, int length) throws IOException {
        try (InputStream in = raw(entry, 0, entry.bytes())) {
            return in.readNBytes(length);
        } catch (EOFException | ZipException e) {
            throw new EntryException(Kind.DAMAGED, entry, 0, "its compressed bytes are damaged", e);
        }
    }

    /** An entry to be split; opening at an offset is cheap only if {@link EntryRef#isSplittable()}. */
    public ByteSource source(EntryRef entry) {
        return new ByteSource() {
            @Override
            public long bytes() {
                return entry.bytes();
            }

            @Override
            public InputStream open(long from, long to) throws IOException {
                return EntryReader.this.open(entry, from, to);
            }
        };
    }

    /**
     * Opens the bytes of an entry from {@code from} (inclusive) to {@code to} (exclusive). A deflated entry is inflated from
     * its beginning: stage it first if it is large.
     */
    public InputStream open(EntryRef entry, long from, long to) throws IOException {
        if (entry.isSplittable()) {
            return raw(entry, from, to);
        }
        // Counted and limited from the first byte on; the checksum is compared only by who reads to the end.
        EntryStream in = open(entry);
        try {
            in.skipNBytes(from);
            return new BoundedStream(in, to - from);
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    private InputStream raw(EntryRef entry, long from, long to) throws IOException {
        if (!entry.isReadable()) {
            throw new EntryException(Kind.UNSUPPORTED, entry, 0, entry.reason());
        }
        if (from < 0 || to < from || to > entry.bytes()) {
            throw new IllegalArgumentException(
                    "bytes %d to %d of %s, which has %d".formatted(from, to, entry.path(), entry.bytes()));
        }
        try {
            return switch (entry.method()) {
                case STAGED ->
                    staged.open(Path.of(entry.part().location()), entry.offset() + from, entry.offset() + to);
                case STORED, DEFLATED -> inPlace(entry, from, to);
            };
        } catch (FileSystemException e) {
            throw new EntryException(
                    Kind.UNREADABLE, entry, from, e.getFile() + " cannot be read: " + e.getReason(), e);
        }
    }

    private static InputStream inPlace(EntryRef entry, long from, long to) throws IOException {
        FileChannel channel = FileChannel.open(file(entry), StandardOpenOption.READ);
        try {
            long data =
                    switch (entry.part().kind()) {
                        case ZIP -> dataOffset(entry, channel);
                        case TAR, COMPRESSED_TAR -> entry.offset();
                        case FOLDER, FILE -> 0;
                    };
            if (channel.size() < data + entry.storedBytes()) {
                throw new EntryException(
                        Kind.DAMAGED,
                        entry,
                        0,
                        "%s is %,d bytes long, but the entry reaches to %,d"
                                .formatted(entry.part().location(), channel.size(), data + entry.storedBytes()));
            }
            if (entry.method() == EntryMethod.STORED) {
                return FileStream.over(channel, data + from, data + to);
            }
            // A million sidecars of some hundred bytes each: a full buffer for each would cost more than inflating
            // them.
            int buffer = (int) Math.max(1, Math.min(INFLATE_BUFFER, entry.storedBytes()));
            return new Inflating(FileStream.over(channel, data, data + entry.storedBytes()), buffer);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static Path file(EntryRef entry) {
        Path location = Path.of(entry.part().location());
        return entry.part().kind() == ContainerKind.FOLDER ? location.resolve(entry.originalPath()) : location;
    }

    /** The local header repeats the name and has extra fields of its own length. */
    private static long dataOffset(EntryRef entry, FileChannel channel) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(ZipIndexer.LOCAL_HEADER).order(ByteOrder.LITTLE_ENDIAN);
        while (header.hasRemaining()) {
            if (channel.read(header, entry.offset() + header.position()) < 0) {
                throw new EntryException(Kind.DAMAGED, entry, 0, "the archive ends within its local header");
            }
        }
        if (header.getInt(0) != LOCAL_HEADER_SIGNATURE) {
            throw new EntryException(
                    Kind.DAMAGED, entry, 0, "no local header at byte %,d of the archive".formatted(entry.offset()));
        }
        int name = Short.toUnsignedInt(header.getShort(NAME_LENGTH_AT));
        int extra = Short.toUnsignedInt(header.getShort(EXTRA_LENGTH_AT));
        return entry.offset() + ZipIndexer.LOCAL_HEADER + name + extra;
    }

    /** Gives its inflater's memory back when closed, which the base class does only for one it made itself. */
    private static final class Inflating extends InflaterInputStream {
        Inflating(InputStream in, int buffer) {
            super(in, new Inflater(true), buffer);
        }

        @Override
        public void close() throws IOException {
            inf.end();
            super.close();
        }
    }
}
