package io.datapunk.lake.container;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.model.Sha256;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;

/**
 * A folder for what has to be inflated as a whole before several tasks can read it. Each staged file appears under its
 * name only when it is complete, so that a job that was killed finds again what it had finished.
 */
public final class Staging {
    /** Staged frames are packed faster and looser than what they came from. */
    private static final double LOOSER = 1.5;

    private static final int COPY_BUFFER = 256 << 10;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What is known about a staged file, beside it as JSON. */
    private record Manifest(String sha256, JsonNode learned) {}

    private final Path folder;
    private final long marginBytes;

    /**
     * Makes nothing yet.
     *
     * @param folder is made when it is first needed
     * @param marginBytes how much of the disk stays free
     */
    public Staging(Path folder, long marginBytes) {
        this.folder = folder.toAbsolutePath();
        this.marginBytes = marginBytes;
    }

    /**
     * Inflates an entry into the folder and learns about it on the way, or finds it there.
     *
     * @param stage is advanced by the bytes of the entry
     * @throws EntryException when the entry is damaged or passes a limit; nothing is left behind then
     * @throws LakeException when the disk has no room
     */
    public <T> StagedEntry<T> stage(EntryReader reader, EntryRef entry, Learning<T> learning, Progress.Stage stage)
            throws IOException {
        Path source = Path.of(entry.part().location());
        String key = key(source, entry.path(), entry.offset(), entry.crc32(), learning.name());
        Path file = folder.resolve(key + ".zst");
        Path manifestFile = folder.resolve(key + ".json");
        if (Files.exists(file) && Files.exists(manifestFile)) {
            stage.advance(entry.bytes());
            return staged(entry, file, JSON.readValue(manifestFile.toFile(), Manifest.class), learning);
        }
        checkRoom(entry.path(), Math.min(entry.bytes(), loosely(entry.storedBytes())));
        Manifest manifest = write(file, frames -> {
            EntryStream in = reader.open(entry);
            T learned = learning.from(new Tee(in, frames, stage));
            return new Manifest(in.sha256(), JSON.valueToTree(learned));
        });
        replace(manifestFile, part -> JSON.writeValue(part.toFile(), manifest));
        return staged(entry, file, manifest, learning);
    }

    /**
     * Inflates a gzipped file as a whole.
     *
     * @return the staged file
     */
    Path stageGzip(Path source, SafetyLimits limits, Progress.Stage stage) throws IOException {
        Path file = folder.resolve(key(source, "", 0, 0, "gzip") + ".zst");
        if (Files.exists(file)) {
            stage.advance(Files.size(source));
            return file;
        }
        checkRoom(source.getFileName().toString(), loosely(Files.size(source)));
        write(file, frames -> {
            try (GzipSource in = GzipSource.open(source, limits, stage)) {
                byte[] buffer = new byte[COPY_BUFFER];
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    write(frames, buffer, 0, read);
                }
            }
            return file;
        });
        return file;
    }

    private static <T> StagedEntry<T> staged(EntryRef entry, Path file, Manifest manifest, Learning<T> learning) {
        ContainerPart part = entry.part();
        EntryRef ref = new EntryRef(
                new ContainerPart(part.name(), part.kind(), file.toString(), part.bytes()),
                entry.path(),
                entry.originalPath(),
                EntryMethod.STAGED,
                0,
                entry.storedBytes(),
                entry.bytes(),
                entry.crc32(),
                entry.status(),
                entry.reason());
        return new StagedEntry<>(ref, manifest.sha256(), JSON.convertValue(manifest.learned(), learning.type()));
    }

    @FunctionalInterface
    private interface Filling<T> {
        T into(FrameFile frames) throws IOException;
    }

    @FunctionalInterface
    private interface Writing {
        void to(Path part) throws IOException;
    }

    private <T> T write(Path file, Filling<T> filling) throws IOException {
        List<T> result = new ArrayList<>(1);
        replace(file, part -> {
            try (FrameFile frames = FrameFile.create(part)) {
                result.add(filling.into(frames));
                finish(frames);
            }
        });
        return result.get(0);
    }

    /** Writes beside the file and renames, so that under its name it is always whole. */
    private void replace(Path file, Writing writing) throws IOException {
        Files.createDirectories(folder);
        Path part = folder.resolve(file.getFileName() + "." + UUID.randomUUID() + ".part");
        try {
            writing.to(part);
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private void finish(FrameFile frames) {
        try {
            frames.finish();
        } catch (IOException e) {
            throw full(e);
        }
    }

    private void write(FrameFile frames, byte[] bytes, int from, int length) {
        try {
            frames.write(bytes, from, length);
        } catch (IOException e) {
            throw full(e);
        }
    }

    private LakeException full(IOException e) {
        return LakeException.failed(
                "the staging folder " + folder + " cannot be written",
                String.valueOf(e.getMessage()),
                "free disk space there and run the same command again; what is staged already is kept",
                e);
    }

    private void checkRoom(String name, long needed) throws IOException {
        Files.createDirectories(folder);
        long free = Files.getFileStore(folder).getUsableSpace();
        if (free - marginBytes < needed) {
            throw LakeException.failed(
                    "there is no room to unpack " + name,
                    "it may take %,d MiB in %s, where %,d MiB are free and %,d MiB of them are to stay free"
                            .formatted(needed >> 20, folder, free >> 20, marginBytes >> 20),
                    "free disk space, or unpack the archive elsewhere and hand in the folder");
        }
    }

    private static long loosely(long compressedBytes) {
        return (long) (compressedBytes * LOOSER);
    }

    /** Names what was staged and how; another version of the source gets another name. */
    private static String key(Path source, String path, long offset, long crc32, String purpose) throws IOException {
        String identity = String.join(
                "\0",
                source.toAbsolutePath().toString(),
                Long.toString(Files.size(source)),
                Files.getLastModifiedTime(source).toString(),
                path,
                Long.toString(offset),
                Long.toString(crc32),
                purpose);
        MessageDigest digest = Sha256.digest();
        return HexFormat.of().formatHex(digest.digest(identity.getBytes(StandardCharsets.UTF_8)), 0, 16);
    }

    /** Writes what is read through it. */
    private final class Tee extends FilterInputStream {
        private final FrameFile frames;
        private final Progress.Stage stage;

        Tee(InputStream in, FrameFile frames, Progress.Stage stage) {
            super(in);
            this.frames = frames;
            this.stage = stage;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int from, int length) throws IOException {
            int read = super.read(target, from, length);
            if (read > 0) {
                Staging.this.write(frames, target, from, read);
                stage.advance(read);
            }
            return read;
        }

        @Override
        public long skip(long count) throws IOException {
            return in.readNBytes((int) Math.min(count, COPY_BUFFER)).length;
        }
    }
}
