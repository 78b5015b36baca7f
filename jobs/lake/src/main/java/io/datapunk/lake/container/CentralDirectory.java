package io.datapunk.lake.container;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import java.util.zip.CRC32;

/**
 * Reads a zip's central directory row by row. Nothing is kept of a row, because an export has a million of them; that is
 * why this is not left to a library, which keeps them all.
 */
final class CentralDirectory {
    /**
     * One row.
     *
     * @param rawName as it stands in the row
     * @param unicodeName UTF-8 bytes from the extra field for them, or null
     * @param unixType the file type bits of a Unix mode, 0 where there are none
     * @param offset of the local header in the file
     */
    record Row(
            byte[] rawName,
            byte[] unicodeName,
            int platform,
            int unixType,
            int flags,
            int method,
            long crc32,
            long storedBytes,
            long bytes,
            int disk,
            long offset) {
        static final int FLAG_ENCRYPTED = 1;
        static final int FLAG_UTF_8 = 1 << 11;
        static final int PLATFORM_DOS = 0;
    }

    /** Takes the rows one by one. */
    @FunctionalInterface
    interface Rows {
        void accept(Row row);
    }

    private static final int END_SIGNATURE = 0x06054b50;
    private static final int END_BYTES = 22;
    private static final int LONGEST_COMMENT = 0xffff;
    private static final int ZIP64_LOCATOR_SIGNATURE = 0x07064b50;
    private static final int ZIP64_LOCATOR_BYTES = 20;
    private static final int ZIP64_END_SIGNATURE = 0x06064b50;
    private static final int ZIP64_END_BYTES = 56;
    private static final int ROW_SIGNATURE = 0x02014b50;
    private static final int ROW_BYTES = 46;
    private static final int BUFFER_BYTES = 1 << 20;
    private static final int ZIP64_EXTRA = 0x0001;
    private static final int UNICODE_PATH_EXTRA = 0x7075;
    private static final long MAX_32 = 0xffff_ffffL;
    private static final int MAX_16 = 0xffff;
    private static final int PLATFORM_UNIX = 3;
    private static final int PLATFORM_DARWIN = 19;
    private static final int UNIX_TYPE = 0170000;

    private final FileChannel channel;
    private long position;
    private long bytes;
    private long rows;
    private boolean zip64;
    private long zip64Position;
    /** How far everything lies behind where the archive says, because something was put before it. */
    private long shift;

    private CentralDirectory(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Hands over all rows.
     *
     * @throws IOException when there is no central directory or it is damaged, with the place
     */
    static void read(FileChannel channel, Rows rows) throws IOException {
        CentralDirectory directory = new CentralDirectory(channel);
        directory.locate();
        try {
            directory.readRows(rows);
        } catch (BufferUnderflowException e) {
            throw new IOException("a row of its central directory ends too early", e);
        }
    }

    private void locate() throws IOException {
        long size = channel.size();
        int tailBytes = (int) Math.min(size, END_BYTES + LONGEST_COMMENT);
        ByteBuffer tail = read(size - tailBytes, tailBytes);
        int end = tailBytes - END_BYTES;
        while (end >= 0 && !isEnd(tail, end)) {
            end--;
        }
        if (end < 0) {
            throw new IOException("there is no central directory at its end");
        }
        rows = Short.toUnsignedInt(tail.getShort(end + 10));
        bytes = Integer.toUnsignedLong(tail.getInt(end + 12));
        long declared = Integer.toUnsignedLong(tail.getInt(end + 16));
        long endPosition = size - tailBytes + end;
        ByteBuffer zip64End = zip64End(endPosition);
        if (zip64End != null) {
            zip64 = true;
            endPosition = zip64Position;
            rows = zip64End.getLong(32);
            bytes = zip64End.getLong(40);
            declared = zip64End.getLong(48);
        }
        position = endPosition - bytes;
        shift = position - declared;
        if (bytes < 0 || declared < 0 || position < 0 || shift < 0) {
            throw new IOException(
                    "its central directory of %,d bytes at byte %,d does not fit before its end at byte %,d"
                            .formatted(bytes, declared, endPosition));
        }
    }

    private static boolean isEnd(ByteBuffer tail, int index) {
        return tail.getInt(index) == END_SIGNATURE
                && index + END_BYTES + Short.toUnsignedInt(tail.getShort(index + 20)) <= tail.capacity();
    }

    /** The larger end record, which stands before a locator before the old one. */
    private ByteBuffer zip64End(long endPosition) throws IOException {
        if (endPosition < ZIP64_LOCATOR_BYTES + ZIP64_END_BYTES) {
            return null;
        }
        ByteBuffer locator = read(endPosition - ZIP64_LOCATOR_BYTES, ZIP64_LOCATOR_BYTES);
        if (locator.getInt(0) != ZIP64_LOCATOR_SIGNATURE) {
            return null;
        }
        long declared = locator.getLong(8);
        long adjacent = endPosition - ZIP64_LOCATOR_BYTES - ZIP64_END_BYTES;
        for (long candidate : new long[] {declared, adjacent}) {
            if (candidate >= 0 && candidate <= adjacent) {
                ByteBuffer end = read(candidate, ZIP64_END_BYTES);
                if (end.getInt(0) == ZIP64_END_SIGNATURE) {
                    zip64Position = candidate;
                    return end;
                }
            }
        }
        throw new IOException("its zip64 end record is not at byte %,d, where it should be".formatted(declared));
    }

    private void readRows(Rows target) throws IOException {
        ByteBuffer buffer =
                ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN).limit(0);
        long end = position + bytes;
        long next = position;
        long seen = 0;
        while (next < end || buffer.hasRemaining()) {
            if (buffer.remaining() < ROW_BYTES + 3 * MAX_16 && next < end) {
                buffer.compact();
                int wanted = (int) Math.min(buffer.remaining(), end - next);
                buffer.limit(buffer.position() + wanted);
                while (buffer.hasRemaining()) {
                    int read = channel.read(buffer, next);
                    if (read < 0) {
                        throw new IOException("its central directory ends too early");
                    }
                    next += read;
                }
                buffer.flip();
            }
            long at = next - buffer.remaining();
            if (buffer.remaining() < ROW_BYTES || buffer.getInt(buffer.position()) != ROW_SIGNATURE) {
                throw new IOException("its central directory is damaged at byte %,d".formatted(at));
            }
            target.accept(row(buffer));
            seen++;
        }
        // Old programs counted modulo 65536.
        if (zip64 ? seen != rows : (seen & MAX_16) != rows) {
            throw new IOException("its central directory has %,d rows, but declares %,d".formatted(seen, rows));
        }
    }

    private Row row(ByteBuffer buffer) {
        int at = buffer.position();
        int platform = Byte.toUnsignedInt(buffer.get(at + 5));
        int flags = Short.toUnsignedInt(buffer.getShort(at + 8));
        int method = Short.toUnsignedInt(buffer.getShort(at + 10));
        long crc32 = Integer.toUnsignedLong(buffer.getInt(at + 16));
        long stored = Integer.toUnsignedLong(buffer.getInt(at + 20));
        long size = Integer.toUnsignedLong(buffer.getInt(at + 24));
        int nameBytes = Short.toUnsignedInt(buffer.getShort(at + 28));
        int extraBytes = Short.toUnsignedInt(buffer.getShort(at + 30));
        int commentBytes = Short.toUnsignedInt(buffer.getShort(at + 32));
        int disk = Short.toUnsignedInt(buffer.getShort(at + 34));
        int mode = buffer.getInt(at + 38) >>> 16;
        long offset = Integer.toUnsignedLong(buffer.getInt(at + 42));
        buffer.position(at + ROW_BYTES);
        byte[] name = new byte[nameBytes];
        buffer.get(name);
        if (buffer.remaining() < extraBytes + commentBytes) {
            throw new BufferUnderflowException();
        }
        ByteBuffer extra = buffer.slice(buffer.position(), extraBytes).order(ByteOrder.LITTLE_ENDIAN);
        buffer.position(buffer.position() + extraBytes + commentBytes);

        byte[] unicodeName = null;
        while (extra.remaining() >= 4) {
            int id = Short.toUnsignedInt(extra.getShort());
            int length = Math.min(Short.toUnsignedInt(extra.getShort()), extra.remaining());
            ByteBuffer field = extra.slice(extra.position(), length).order(ByteOrder.LITTLE_ENDIAN);
            extra.position(extra.position() + length);
            if (id == ZIP64_EXTRA) {
                size = size == MAX_32 ? field.getLong() : size;
                stored = stored == MAX_32 ? field.getLong() : stored;
                offset = offset == MAX_32 ? field.getLong() : offset;
                disk = disk == MAX_16 && field.remaining() >= 4 ? field.getInt() : disk;
            } else if (id == UNICODE_PATH_EXTRA && length > 5) {
                unicodeName = unicodeName(field, name);
            }
        }
        boolean unix = platform == PLATFORM_UNIX || platform == PLATFORM_DARWIN;
        return new Row(
                name,
                unicodeName,
                platform,
                unix ? mode & UNIX_TYPE : 0,
                flags,
                method,
                crc32,
                stored,
                size,
                disk,
                offset + shift);
    }

    /** Holds only as long as the checksum of the plain name in it is right: programs that rename do not all know it. */
    private static byte[] unicodeName(ByteBuffer field, byte[] name) {
        CRC32 crc = new CRC32();
        crc.update(name);
        boolean current = field.get(0) == 1 && Integer.toUnsignedLong(field.getInt(1)) == crc.getValue();
        return current
                ? Arrays.copyOfRange(field.array(), field.arrayOffset() + 5, field.arrayOffset() + field.limit())
                : null;
    }

    private ByteBuffer read(long from, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, from + buffer.position()) < 0) {
                throw new IOException("the file became shorter while it was read");
            }
        }
        return buffer.flip();
    }
}
