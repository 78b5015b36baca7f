package io.datapunk.lake.container;

import io.datapunk.lake.model.Sha256;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.zip.CRC32;
import java.util.zip.ZipException;

/**
 * An entry read from its beginning. What was read is counted against the limits; at the end, size and checksum are
 * compared with what the container declares. Closing it early checks nothing.
 */
public final class EntryStream extends InputStream {
    private final EntryRef entry;
    private final SafetyLimits limits;
    private final InputStream in;
    private final CRC32 crc = new CRC32();
    private final MessageDigest digest = Sha256.digest();
    private long position;
    private boolean ended;

    EntryStream(EntryRef entry, SafetyLimits limits, InputStream in) {
        this.entry = entry;
        this.limits = limits;
        this.in = in;
    }

    /** How many bytes were read. */
    public long position() {
        return position;
    }

    /**
     * SHA-256 of the entry, 64 hex digits.
     *
     * @throws IllegalStateException when the entry was not read to its end
     */
    public String sha256() {
        if (!ended) {
            throw new IllegalStateException(entry.path() + " was read only to byte " + position);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int from, int length) throws IOException {
        if (ended || length == 0) {
            return ended ? -1 : 0;
        }
        int read;
        try {
            read = in.read(target, from, length);
        } catch (ZipException e) {
            throw damaged("its compressed bytes are damaged (%s)".formatted(e.getMessage()), e);
        } catch (EOFException e) {
            throw damaged("its compressed bytes end too early", e);
        }
        if (read < 0) {
            checkEnd();
            ended = true;
            return -1;
        }
        position += read;
        checkLimits();
        crc.update(target, from, read);
        digest.update(target, from, read);
        return read;
    }

    private void checkLimits() throws EntryException {
        if (position > entry.bytes()) {
            throw damaged("it holds more than the %,d bytes it declares".formatted(entry.bytes()), null);
        }
        if (position > limits.entryBytes()) {
            throw limit("it holds more than the limit of %,d bytes".formatted(limits.entryBytes()));
        }
        if (limits.isRatioExceeded(entry.storedBytes(), position)) {
            throw limit("it unpacks to more than the limit of %d to 1".formatted(limits.ratio()));
        }
    }

    private void checkEnd() throws EntryException {
        if (position < entry.bytes()) {
            throw damaged("it declares %,d bytes, but ends here".formatted(entry.bytes()), null);
        }
        if (entry.crc32() != EntryRef.NO_CRC && entry.crc32() != crc.getValue()) {
            throw damaged("its checksum is %08x, but %08x is declared".formatted(crc.getValue(), entry.crc32()), null);
        }
    }

    private EntryException damaged(String reason, Exception cause) {
        return new EntryException(EntryException.Kind.DAMAGED, entry, position, reason, cause);
    }

    private EntryException limit(String reason) {
        return new EntryException(EntryException.Kind.LIMIT, entry, position, reason);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
