package io.datapunk.archive.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import io.datapunk.lake.model.Sha256;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Random;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class SegmentTest {
    private static final String NAME = "20261126T060500Z-1f9a03b7-00001";
    private static final byte[] KEY = bytes(1, 32);
    private static final Compression COMPRESSION = new Compression(3, 25, 0);

    @Property(tries = 60)
    void opensToWhatWasWritten(@ForAll long seed, @ForAll @IntRange(max = 5_000_000) int length) throws IOException {
        byte[] content = bytes(seed, length);

        assertThat(open(sealed(content), NAME, KEY)).isEqualTo(content);
    }

    @Property(tries = 200)
    void noBitCanBeChangedNoByteCutOffAndNoneAdded(@ForAll long seed) throws IOException {
        byte[] sealed = sealed(bytes(5, 2_200_000));
        Random random = new Random(seed);
        byte[] changed =
                switch (random.nextInt(4)) {
                    case 0, 1 -> {
                        byte[] flipped = sealed.clone();
                        flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
                        yield flipped;
                    }
                    case 2 -> Arrays.copyOf(sealed, random.nextInt(sealed.length));
                    default -> Arrays.copyOf(sealed, sealed.length + 1 + random.nextInt(100));
                };

        assertThatThrownBy(() -> open(changed, NAME, KEY)).isInstanceOf(IOException.class);
    }

    @Example
    void opensUnderItsOwnNameAndKeyOnly() throws IOException {
        byte[] sealed = sealed(bytes(5, 1000));

        assertThatThrownBy(() -> open(sealed, NAME.replace('1', '2'), KEY)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> open(sealed, NAME, bytes(2, 32))).isInstanceOf(IOException.class);
    }

    @Example
    void tellsWhatWasWritten() throws Exception {
        byte[] content = "what a person wrote".repeat(1000).getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream stored = new ByteArrayOutputStream();
        SegmentWriter.Written written;
        try (SegmentWriter writer = new SegmentWriter(stored, NAME, KEY, COMPRESSION)) {
            writer.write(content, 0, content.length);
            written = writer.finish();
        }

        assertThat(written.rawBytes()).isEqualTo(content.length);
        assertThat(written.bytes()).isEqualTo(stored.size()).isLessThan(300);
        assertThat(written.sha256()).isEqualTo(sha256(stored.toByteArray()));
        assertThat(written.rawSha256()).isEqualTo(sha256(content));
    }

    /** A second implementation, from the description alone. */
    @Property(tries = 10)
    void isWhatItsDescriptionSays(@ForAll @IntRange(max = 3_000_000) int length) throws Exception {
        byte[] content = bytes(7, length);
        byte[] sealed = sealed(content);
        ByteBuffer in = ByteBuffer.wrap(sealed);

        assertThat(in.get()).isEqualTo((byte) 40);
        byte[] salt = new byte[32];
        byte[] prefix = new byte[7];
        in.get(salt).get(prefix);
        byte[] derived = hmac(hmac(salt, KEY), (NAME + "\u0001").getBytes(StandardCharsets.US_ASCII));
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        for (int block = 0; in.hasRemaining(); block++) {
            byte[] sealedBlock = new byte[Math.min(in.remaining(), (1 << 20) - (block == 0 ? 40 : 0))];
            in.get(sealedBlock);
            byte[] nonce = ByteBuffer.allocate(12)
                    .put(prefix)
                    .putInt(block)
                    .put((byte) (in.hasRemaining() ? 0 : 1))
                    .array();
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(Cipher.DECRYPT_MODE, new SecretKeySpec(derived, "AES"), new GCMParameterSpec(128, nonce));
            compressed.writeBytes(cipher.doFinal(sealedBlock));
        }
        byte[] found = new byte[content.length];
        Zstd.decompress(found, compressed.toByteArray());
        assertThat(found).isEqualTo(content);
    }

    private static byte[] sealed(byte[] content) throws IOException {
        ByteArrayOutputStream stored = new ByteArrayOutputStream();
        try (SegmentWriter writer = new SegmentWriter(stored, NAME, KEY, COMPRESSION)) {
            writer.write(content, 0, content.length);
            writer.finish();
        }
        return stored.toByteArray();
    }

    private static byte[] open(byte[] sealed, String name, byte[] key) throws IOException {
        try (InputStream in = SegmentReader.open(new ByteArrayInputStream(sealed), name, key)) {
            return in.readAllBytes();
        }
    }

    private static byte[] hmac(byte[] key, byte[] text) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(text);
    }

    private static String sha256(byte[] bytes) {
        return Sha256.hex(bytes);
    }

    private static byte[] bytes(long seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }
}
