package io.datapunk.lake.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.lake.container.Archives.Tar;
import io.datapunk.lake.container.Archives.Zip;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.storage.FolderTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Damage anywhere in a container ends in an answer: the right bytes, or one of the two exceptions that explain. */
class DamagedContainerTest {
    private enum Kind {
        ZIP,
        ZIP64,
        TAR,
        TGZ
    }

    private static final SafetyLimits LIMITS = new SafetyLimits(1000, 1 << 24, 1 << 24, 200, 1 << 20, 16);
    private static final Map<Kind, byte[]> INTACT = new HashMap<>();
    private static final Map<String, byte[]> CONTENTS = new HashMap<>();
    private static Path folder;

    @BeforeContainer
    static void makeArchives() throws IOException {
        folder = Files.createTempDirectory("damaged");
        Random random = new Random(5);
        for (int i = 0; i < 6; i++) {
            byte[] content = new byte[random.nextInt(3000)];
            for (int at = 0; at < content.length; at++) {
                content[at] = (byte) ('a' + random.nextInt(4));
            }
            CONTENTS.put("Takeout/file " + i + ".json", content);
        }
        for (Kind kind : Kind.values()) {
            Path file = folder.resolve("intact");
            switch (kind) {
                case ZIP, ZIP64 -> {
                    try (Zip zip = kind == Kind.ZIP ? new Zip(file) : new Zip(file).zip64()) {
                        for (Map.Entry<String, byte[]> entry : CONTENTS.entrySet()) {
                            if (entry.getValue().length % 2 == 0) {
                                zip.deflated(entry.getKey(), entry.getValue());
                            } else {
                                zip.stored(entry.getKey(), entry.getValue());
                            }
                        }
                    }
                }
                case TAR, TGZ -> {
                    try (Tar tar = new Tar(file, kind == Kind.TGZ)) {
                        for (Map.Entry<String, byte[]> entry : CONTENTS.entrySet()) {
                            tar.file(entry.getKey(), entry.getValue());
                        }
                    }
                }
            }
            INTACT.put(kind, Files.readAllBytes(file));
        }
    }

    @AfterContainer
    static void removeArchives() throws IOException {
        FolderTree.delete(folder);
    }

    @Property(tries = 800)
    void endsInAnAnswer(@ForAll Kind kind, @ForAll long seed, @ForAll @IntRange(min = 1, max = 5) int damages)
            throws IOException {
        Path file = Files.write(folder.resolve("damaged.bin"), damaged(INTACT.get(kind), seed, damages));
        Staging staging = new Staging(folder.resolve("staging"), 0);
        EntryReader reader = new EntryReader(LIMITS);
        try {
            ContainerIndex index = Container.open(file, LIMITS, staging, Progress.NONE);
            for (EntryRef entry : index.entries()) {
                read(reader, entry, kind);
            }
        } catch (LakeException e) {
            assertThat(e.problem()).contains("damaged.bin");
            assertThat(e.reason()).isNotBlank();
            assertThat(e.remedy()).isNotBlank();
        } finally {
            FolderTree.delete(folder.resolve("staging"));
        }
    }

    private static void read(EntryReader reader, EntryRef entry, Kind kind) {
        try (EntryStream in = reader.open(entry)) {
            byte[] bytes = in.readAllBytes();
            byte[] intact = CONTENTS.get(entry.path());
            boolean checked = kind != Kind.TAR && intact != null && entry.method() != EntryMethod.STAGED;
            if (checked && entry.bytes() == intact.length && crc(intact) == entry.crc32()) {
                assertThat(bytes).isEqualTo(intact);
            }
        } catch (EntryException e) {
            assertThat(e).hasMessageContaining("damaged.bin");
        } catch (IOException e) {
            throw new AssertionError("an entry's damage must say which entry", e);
        }
    }

    private static long crc(byte[] bytes) {
        java.util.zip.CRC32 crc = new java.util.zip.CRC32();
        crc.update(bytes);
        return crc.getValue();
    }

    private static byte[] damaged(byte[] intact, long seed, int damages) {
        Random random = new Random(seed);
        byte[] bytes = intact.clone();
        for (int i = 0; i < damages; i++) {
            int at = random.nextBoolean()
                    ? random.nextInt(bytes.length)
                    : bytes.length - 1 - random.nextInt(Math.min(600, bytes.length));
            switch (random.nextInt(5)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) random.nextInt(256);
                case 2 -> Arrays.fill(bytes, at, Math.min(bytes.length, at + 4), (byte) 0xFF);
                case 3 -> Arrays.fill(bytes, at, Math.min(bytes.length, at + 8), (byte) 0);
                default -> {
                    if (random.nextInt(3) == 0) {
                        bytes = Arrays.copyOf(bytes, Math.max(1, at));
                    }
                }
            }
        }
        return bytes;
    }
}
