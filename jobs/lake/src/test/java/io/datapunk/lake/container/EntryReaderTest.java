package io.datapunk.lake.container;

import static io.datapunk.lake.container.Archives.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.type.TypeReference;
import io.datapunk.lake.container.Archives.Tar;
import io.datapunk.lake.container.Archives.Zip;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.model.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EntryReaderTest {
    private static final Progress.Stage NOBODY = Progress.NONE.begin("", 0, "");

    private final EntryReader reader = new EntryReader(SafetyLimits.DEFAULT);

    @TempDir
    private Path folder;

    @Test
    void hashesAnEntryWhileItIsRead() throws Exception {
        byte[] bytes = noise(300_000);
        EntryRef entry = deflated("a", bytes);

        try (EntryStream in = reader.open(entry)) {
            assertThatThrownBy(in::sha256).isInstanceOf(IllegalStateException.class);
            assertThat(in.readAllBytes()).isEqualTo(bytes);
            assertThat(in.sha256())
                    .isEqualTo(HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)));
        }
    }

    @Test
    void findsAFlippedBitInAStoredEntry() throws IOException {
        Path file = folder.resolve("flipped.zip");
        try (Zip zip = new Zip(file)) {
            zip.stored("a", noise(1000));
        }
        flip(file, 500);
        EntryRef entry = Archives.open(file).entries().get(0);

        EntryException e = catchThrowableOfType(EntryException.class, () -> readAll(entry));

        assertThat(e.kind()).isEqualTo(EntryException.Kind.DAMAGED);
        assertThat(e.position()).isEqualTo(1000);
        assertThat(e).hasMessageContaining("checksum");
    }

    @Test
    void findsDamagedCompression() throws IOException {
        Path file = folder.resolve("flipped.zip");
        try (Zip zip = new Zip(file)) {
            zip.deflated("a", utf8("some text that compresses ".repeat(1000)));
        }
        for (int i = 60; i < 80; i++) {
            flip(file, i);
        }
        EntryRef entry = Archives.open(file).entries().get(0);

        EntryException e = catchThrowableOfType(EntryException.class, () -> readAll(entry));

        assertThat(e.kind()).isEqualTo(EntryException.Kind.DAMAGED);
    }

    @Test
    void stopsABombThatLiesAboutItsSize() throws IOException {
        EntryRef honest = deflated("zeros", new byte[5_000_000]);
        EntryRef liar = with(honest, 1000);

        EntryException e = catchThrowableOfType(EntryException.class, () -> readAll(liar));

        assertThat(e).hasMessageContaining("more than the 1,000 bytes it declares");
        assertThat(e.position()).isLessThan(1_000_000);
    }

    @Test
    void stopsABombByWhatComesOut() throws IOException {
        EntryRef entry = deflated("zeros", new byte[5_000_000]);
        EntryReader strict = new EntryReader(new SafetyLimits(10, 1 << 30, 1 << 30, 100, 1_000_000, 10));

        assertThatThrownBy(() -> strict.open(entry).readAllBytes())
                .isInstanceOf(EntryException.class)
                .hasMessageContaining("more than the limit of 100 to 1")
                .matches(e -> ((EntryException) e).kind() == EntryException.Kind.LIMIT)
                .matches(e -> ((EntryException) e).position() < 1_100_000);
    }

    @Test
    void letsSmallEntriesHaveAnyRatio() throws IOException {
        EntryRef entry = deflated("zeros", new byte[900_000]);
        EntryReader strict = new EntryReader(new SafetyLimits(10, 1 << 30, 1 << 30, 100, 1_000_000, 10));

        assertThat(strict.open(entry).readAllBytes()).hasSize(900_000);
    }

    @Test
    void saysThatAFileOfAFolderIsGone() throws IOException {
        Path export = Files.createDirectories(folder.resolve("Takeout"));
        Path file = Files.writeString(export.resolve("a.json"), "x");
        EntryRef entry = Archives.open(export).entries().get(0);
        Files.delete(file);

        EntryException e = catchThrowableOfType(EntryException.class, () -> readAll(entry));

        assertThat(e.kind()).isEqualTo(EntryException.Kind.UNREADABLE);
        assertThat(e).hasMessageContaining("a.json");
    }

    @Test
    void readsTheHeadOfAnEntry() throws IOException {
        assertThat(reader.head(deflated("a", utf8("0123456789")), 4)).isEqualTo(utf8("0123"));
        assertThat(reader.head(deflated("a", utf8("01")), 4)).isEqualTo(utf8("01"));
    }

    @Test
    void opensTheSameRangesHoweverTheBytesLie() throws IOException {
        byte[] bytes = noise(3_500_000);
        Path tar = folder.resolve("a.tar");
        try (Tar out = new Tar(tar, false)) {
            out.file("before", noise(700)).file("a", bytes);
        }
        Path tgz = folder.resolve("a.tgz");
        try (Tar out = new Tar(tgz, true)) {
            out.file("before", noise(700)).file("a", bytes);
        }
        Path export = Files.createDirectories(folder.resolve("Takeout"));
        Files.write(export.resolve("a"), bytes);
        EntryRef deflated = deflated("a", bytes);
        EntryRef staged = new Staging(folder.resolve("staging"), 0)
                .stage(reader, deflated, new Length(), NOBODY)
                .entry();
        List<EntryRef> entries = List.of(
                deflated,
                staged,
                stored("a", bytes),
                Archives.open(tar).entries().get(1),
                Archives.open(tgz).entries().get(1),
                Archives.open(export).entries().get(0));

        Random random = new Random(7);
        for (int i = 0; i < 20; i++) {
            int from = random.nextInt(bytes.length);
            int to = from + random.nextInt(bytes.length - from + 1);
            String expected = sha256(bytes, from, to);
            for (EntryRef entry : entries) {
                try (InputStream in = reader.open(entry, from, to)) {
                    byte[] read = in.readAllBytes();
                    assertThat(sha256(read, 0, read.length)).isEqualTo(expected);
                }
            }
        }
    }

    @Test
    void servesSeveralThreads() throws Exception {
        Path file = folder.resolve("many.tgz");
        List<byte[]> contents = new ArrayList<>();
        try (Tar tar = new Tar(file, true)) {
            for (int i = 0; i < 50; i++) {
                contents.add(noise(50_000 + i));
                tar.file("entry " + i, contents.get(i));
            }
        }
        List<EntryRef> entries = Archives.open(file).entries();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<byte[]>> read = new ArrayList<>();
            for (EntryRef entry : entries) {
                read.add(threads.submit(() -> readAll(entry)));
            }
            for (int i = 0; i < contents.size(); i++) {
                assertThat(read.get(i).get()).isEqualTo(contents.get(i));
            }
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void stagesALargeEntryOnceAndKeepsWhatItLearns() throws IOException {
        byte[] bytes = noise(3_500_000);
        EntryRef entry = deflated("a", bytes);
        Path stagingFolder = folder.resolve("staging");

        StagedEntry<List<Long>> staged = new Staging(stagingFolder, 0).stage(reader, entry, new Length(), NOBODY);

        assertThat(staged.entry().method()).isEqualTo(EntryMethod.STAGED);
        assertThat(staged.learned()).containsExactly(3_500_000L);
        assertThat(staged.sha256()).isEqualTo(sha256(bytes, 0, bytes.length));

        // Found again: the archive could even be damaged now.
        StagedEntry<List<Long>> again = new Staging(stagingFolder, 0).stage(reader, entry, new Length(), NOBODY);
        assertThat(again).isEqualTo(staged);
        assertThat(readAll(again.entry())).isEqualTo(bytes);
    }

    @Test
    void leavesNothingBehindWhenAnEntryIsDamaged() throws IOException {
        Path file = folder.resolve("flipped.zip");
        try (Zip zip = new Zip(file)) {
            zip.deflated("a", noise(100_000));
        }
        flip(file, 90_000);
        EntryRef entry = Archives.open(file).entries().get(0);
        Path stagingFolder = folder.resolve("staging");
        Staging staging = new Staging(stagingFolder, 0);

        assertThatThrownBy(() -> staging.stage(reader, entry, new Length(), NOBODY))
                .isInstanceOf(EntryException.class);
        try (Stream<Path> left = Files.list(stagingFolder)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void looksAtTheDiskBeforeItStages() throws IOException {
        EntryRef entry = deflated("a", noise(1000));
        EntryRef huge = new EntryRef(
                entry.part(), "huge", "huge", EntryMethod.DEFLATED, 0, 1L << 50, 1L << 50, 0, EntryStatus.READABLE, "");

        assertThatThrownBy(() -> new Staging(folder.resolve("staging"), 0).stage(reader, huge, new Length(), NOBODY))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("there is no room to unpack huge")
                .hasMessageContaining("MiB are free");
    }

    private EntryRef deflated(String name, byte[] bytes) throws IOException {
        Path file = folder.resolve("deflated.zip");
        try (Zip zip = new Zip(file)) {
            zip.deflated(name, bytes);
        }
        return Archives.open(file).entries().get(0);
    }

    private EntryRef stored(String name, byte[] bytes) throws IOException {
        Path file = folder.resolve("stored.zip");
        try (Zip zip = new Zip(file)) {
            zip.stored("before", utf8("x")).stored(name, bytes);
        }
        return Archives.open(file).entries().get(1);
    }

    private static EntryRef with(EntryRef entry, long bytes) {
        return new EntryRef(
                entry.part(),
                entry.path(),
                entry.originalPath(),
                entry.method(),
                entry.offset(),
                entry.storedBytes(),
                bytes,
                entry.crc32(),
                entry.status(),
                entry.reason());
    }

    private byte[] readAll(EntryRef entry) throws IOException {
        try (EntryStream in = reader.open(entry)) {
            return in.readAllBytes();
        }
    }

    private static void flip(Path file, int at) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[at] ^= 0x10;
        Files.write(file, bytes);
    }

    private static byte[] noise(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static String sha256(byte[] bytes, int from, int to) {
        MessageDigest digest = Sha256.digest();
        digest.update(bytes, from, to - from);
        return HexFormat.of().formatHex(digest.digest());
    }

    /** How long an entry is. */
    private record Length() implements Learning<List<Long>> {
        @Override
        public String name() {
            return "length";
        }

        @Override
        public TypeReference<List<Long>> type() {
            return new TypeReference<>() {};
        }

        @Override
        public List<Long> from(InputStream entry) throws IOException {
            try (entry) {
                return List.of(entry.transferTo(OutputStream.nullOutputStream()));
            }
        }
    }
}
