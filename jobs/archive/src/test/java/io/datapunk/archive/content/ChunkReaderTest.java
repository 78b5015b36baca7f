package io.datapunk.archive.content;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.lake.model.Sha256;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class ChunkReaderTest {
    @Property(tries = 30)
    void theChunksAreTheStreamAndKeepTheirLimits(@ForAll long seed, @ForAll @IntRange(max = 12_000_000) int length)
            throws IOException {
        byte[] content = noise(seed, length);
        ByteArrayOutputStream together = new ByteArrayOutputStream();
        List<Integer> lengths = new ArrayList<>();

        try (ChunkReader reader = new ChunkReader(new ByteArrayInputStream(content))) {
            while (reader.next()) {
                together.write(reader.buffer(), reader.from(), reader.length());
                lengths.add(reader.length());
            }
        }

        assertThat(together.toByteArray()).isEqualTo(content);
        assertThat(lengths).allMatch(bytes -> bytes <= ChunkReader.LARGEST);
        assertThat(lengths.subList(0, Math.max(0, lengths.size() - 1))).allMatch(bytes -> bytes > ChunkReader.SMALLEST);
    }

    @Property(tries = 10)
    void theCutsDoNotDependOnHowTheStreamIsRead(@ForAll long seed) throws IOException {
        byte[] content = noise(seed, 5_000_000);
        Random random = new Random(seed);

        InputStream inDribs = new ByteArrayInputStream(content) {
            @Override
            public synchronized int read(byte[] target, int from, int length) {
                return super.read(target, from, Math.min(length, 1 + random.nextInt(100_000)));
            }
        };

        assertThat(chunks(inDribs)).isEqualTo(chunks(new ByteArrayInputStream(content)));
    }

    @Property(tries = 10)
    void anInsertionChangesOnlyTheChunksNearIt(@ForAll long seed, @ForAll @IntRange(min = 1, max = 1000) int inserted)
            throws IOException {
        byte[] content = noise(seed, 20_000_000);
        int at = 7_000_000;
        byte[] changed = new byte[content.length + inserted];
        System.arraycopy(content, 0, changed, 0, at);
        System.arraycopy(content, at, changed, at + inserted, content.length - at);

        List<Chunk> before = chunks(new ByteArrayInputStream(content));
        List<Chunk> after = chunks(new ByteArrayInputStream(changed));

        List<Chunk> lost = new ArrayList<>(before);
        lost.removeAll(after);
        assertThat(lost.stream().mapToInt(Chunk::bytes).sum()).isLessThanOrEqualTo(3 * ChunkReader.LARGEST);
        assertThat(after.get(0)).isEqualTo(before.get(0));
        assertThat(after.get(after.size() - 1)).isEqualTo(before.get(before.size() - 1));
    }

    /** Packages share chunks with those of years ago, so the cuts are part of the format. Computed without this code. */
    @Example
    void theCutsAreWhatTheDescriptionSays() throws IOException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (int i = 0; i < 250_000; i++) {
            content.writeBytes(Sha256.digest().digest(Integer.toString(i).getBytes(StandardCharsets.US_ASCII)));
        }

        List<Chunk> chunks = chunks(new ByteArrayInputStream(content.toByteArray()));

        assertThat(chunks.stream().map(Chunk::bytes))
                .containsExactly(1126267, 1388244, 315593, 1652654, 1310987, 1491414, 509877, 204964);
        assertThat(chunks.get(0).sha256())
                .isEqualTo("714e17fff488961f5fb1d2285a8cb15f96f99f53146270a380766db8216021df");
    }

    @Example
    void zerosAreCutAtTheLargestSize() throws IOException {
        assertThat(chunks(new ByteArrayInputStream(new byte[9_000_000])).stream()
                        .map(Chunk::bytes))
                .containsExactly(ChunkReader.LARGEST, ChunkReader.LARGEST, 9_000_000 - 2 * ChunkReader.LARGEST);
    }

    @Example
    void anEmptyStreamHasNoChunk() throws IOException {
        assertThat(chunks(InputStream.nullInputStream())).isEmpty();
    }

    private static List<Chunk> chunks(InputStream in) throws IOException {
        List<Chunk> chunks = new ArrayList<>();
        try (ChunkReader reader = new ChunkReader(in)) {
            while (reader.next()) {
                chunks.add(reader.chunk());
            }
        }
        return chunks;
    }

    private static byte[] noise(long seed, int length) {
        byte[] noise = new byte[length];
        new Random(seed).nextBytes(noise);
        // Also what repeats: files are not all noise
        Arrays.fill(noise, length / 3, length / 3 + length / 20, (byte) ' ');
        return noise;
    }
}
