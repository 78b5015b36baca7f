package io.datapunk.archive.backup.repository;

import io.datapunk.archive.segment.Compression;
import io.datapunk.archive.segment.SegmentReader;
import io.datapunk.archive.segment.SegmentWriter;
import io.datapunk.lake.encryption.SegmentKeys;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.Sha256;
import io.datapunk.lake.storage.StoreFolder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Stores contents as objects, each once, whoever has it: what is there already is not written again. A new object is read
 * back from each location, decrypted and compared, before its key is written; without a key it does not count, and the next
 * run writes it anew. May be used by several threads.
 */
public final class ObjectWriter {
    private static final int BUFFER = 1 << 20;
    private static final int WINDOW_LOG = 23;

    private final BackupRepository repository;
    private final Path staging;
    private final Compression compression;
    private final String batchPrefix;
    private final boolean compares;
    private final Map<String, SortedMap<String, Long>> present = new ConcurrentHashMap<>();
    private final Map<String, Object> locks = new ConcurrentHashMap<>();
    private final List<ObjectRecord> pending = new ArrayList<>();
    private final Map<String, ObjectRecord> stored = new ConcurrentHashMap<>();
    private final AtomicInteger batches = new AtomicInteger();
    private final AtomicLong newObjects = new AtomicLong();
    private final AtomicLong newBytes = new AtomicLong();
    private final AtomicLong storedBytes = new AtomicLong();

    /**
     * @param staging an empty local folder
     * @param run begins the names of what is written; no other run has it
     * @param compares whether an object that is there is read before it counts; else its size has to be right
     */
    public ObjectWriter(BackupRepository repository, Path staging, int level, String run, boolean compares)
            throws IOException {
        this.repository = repository;
        this.staging = staging;
        this.compression = new Compression(level, WINDOW_LOG, 0);
        this.batchPrefix = run;
        this.compares = compares;
        for (StoreFolder location : repository.locations()) {
            present.put(location.name(), location.tree(BackupRepository.OBJECTS));
        }
    }

    /** A content that can be read several times. */
    @FunctionalInterface
    public interface Content {
        InputStream open() throws IOException;
    }

    /**
     * Stores some bytes.
     *
     * @return the object's id
     */
    public String store(byte[] bytes) throws IOException {
        return store(() -> new ByteArrayInputStream(bytes), compression);
    }

    /**
     * Stores what does not get smaller by compression.
     *
     * @throws LakeException where it changes while it is read
     */
    public String storeCompressed(Content content) throws IOException {
        return store(content, new Compression(1, WINDOW_LOG, 0));
    }

    /** Whether an object is in all locations, or could be copied to those that lack it; else it has to be stored again. */
    public boolean keep(String id) throws IOException {
        Optional<ObjectRecord> known = known(id);
        if (known.isEmpty() || repository.replacements().containsKey(id)) {
            return false;
        }
        List<StoreFolder> having = having(known.get());
        if (having.isEmpty()) {
            return false;
        }
        repository.toAll(location -> {
            if (!having.contains(location)) {
                copy(having, location, known.get());
            }
        });
        return true;
    }

    private String store(Content content, Compression how) throws IOException {
        byte[] digest;
        try (DigestInputStream in = new DigestInputStream(content.open(), Sha256.digest())) {
            in.transferTo(OutputStream.nullOutputStream());
            digest = in.getMessageDigest().digest();
        }
        String id = repository.id(digest);
        // Of two threads with one content one stores it.
        synchronized (locks.computeIfAbsent(id, any -> new Object())) {
            if (!keep(id)) {
                write(id, HexFormat.of().formatHex(digest), content, how);
            }
        }
        return id;
    }

    private Optional<ObjectRecord> known(String id) {
        return Optional.ofNullable(stored.get(id)).or(() -> repository.find(id));
    }

    private List<StoreFolder> having(ObjectRecord object) {
        return repository.locations().stream()
                .filter(location -> stored.containsKey(object.id()) || isWhole(location, object))
                .toList();
    }

    private boolean isWhole(StoreFolder location, ObjectRecord object) {
        String path = ObjectRecord.path(object.id());
        Long bytes = present.get(location.name()).get(path.substring(BackupRepository.OBJECTS.length() + 1));
        try {
            return bytes != null
                    && bytes == object.storedBytes()
                    && (!compares || location.sha256(path).equals(object.sha256()));
        } catch (IOException unreadable) {
            return false;
        }
    }

    private void copy(List<StoreFolder> from, StoreFolder to, ObjectRecord object) throws IOException {
        String path = ObjectRecord.path(object.id());
        try (InputStream in = from.get(0).open(path)) {
            to.write(path, in);
        }
        if (!to.sha256(path).equals(object.sha256())) {
            throw new IOException("the copy of " + path + " from " + from.get(0) + " is not what was stored there");
        }
    }

    private void write(String id, String sha256, Content content, Compression how) throws IOException {
        SegmentKeys.New key = repository.newKey(id);
        Path sealed = staging.resolve(id);
        SegmentWriter.Written written;
        try (OutputStream out = Files.newOutputStream(sealed);
                SegmentWriter writer = new SegmentWriter(out, id, key.key(), how);
                InputStream in = content.open()) {
            byte[] buffer = new byte[BUFFER];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                writer.write(buffer, 0, read);
            }
            written = writer.finish();
        }
        if (!written.rawSha256().equals(sha256)) {
            throw LakeException.failed(
                    "the backup was not made",
                    "a file was changed while it was backed up, which no table's file ever is",
                    "run `lake doctor`, then the command again");
        }
        repository.toAll(location -> {
            location.upload(ObjectRecord.path(id), sealed);
            requireWhole(location, id, key.key(), sha256);
        });
        Files.delete(sealed);
        ObjectRecord object = new ObjectRecord(
                id, key.ownerKey(), key.wrapped(), written.rawBytes(), written.bytes(), written.sha256());
        stored.put(id, object);
        synchronized (pending) {
            pending.add(object);
        }
        newObjects.incrementAndGet();
        newBytes.addAndGet(written.rawBytes());
        storedBytes.addAndGet(written.bytes());
    }

    private static void requireWhole(StoreFolder location, String id, byte[] key, String sha256) throws IOException {
        try (InputStream in = SegmentReader.open(location.open(ObjectRecord.path(id)), id, key)) {
            if (!Sha256.hex(in).equals(sha256)) {
                throw new IOException(ObjectRecord.path(id) + " does not hold what was written to it");
            }
        }
    }

    /** Writes the keys of what was stored since; only then does it count. */
    public void flush() throws IOException {
        List<ObjectRecord> objects;
        synchronized (pending) {
            objects = List.copyOf(pending);
            pending.clear();
        }
        if (!objects.isEmpty()) {
            repository.addKeys("%s-%05d".formatted(batchPrefix, batches.incrementAndGet()), objects);
        }
    }

    public long newObjects() {
        return newObjects.get();
    }

    /** Bytes of new contents. */
    public long newBytes() {
        return newBytes.get();
    }

    /** Bytes that they take in each location. */
    public long storedBytes() {
        return storedBytes.get();
    }
}
