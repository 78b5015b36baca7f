package io.datapunk.archive.backup.repository;

import io.datapunk.lake.model.Sha256;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.function.Predicate;

/** An object's content, which at its end is compared with what it has to be. */
final class CheckedContent extends FilterInputStream {
    private final MessageDigest digest = Sha256.digest();
    private final Predicate<byte[]> isRight;
    private boolean ended;

    /** @param isRight of the content's SHA-256 */
    CheckedContent(InputStream in, Predicate<byte[]> isRight) {
        super(in);
        this.isRight = isRight;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int from, int length) throws IOException {
        int read = in.read(target, from, length);
        if (read > 0) {
            digest.update(target, from, read);
        } else if (read < 0 && !ended) {
            ended = true;
            if (!isRight.test(digest.digest())) {
                throw new IOException("its content is not what its name says");
            }
        }
        return read;
    }

    @Override
    public long skip(long bytes) {
        throw new UnsupportedOperationException("what is skipped would not be compared");
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
