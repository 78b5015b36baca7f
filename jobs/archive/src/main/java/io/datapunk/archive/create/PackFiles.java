package io.datapunk.archive.create;

import io.datapunk.archive.bag.PackageFolder;
import io.datapunk.archive.bag.PackageStore;
import io.datapunk.archive.bag.PackageWriter;
import io.datapunk.archive.bag.PackageWriter.Pack;
import io.datapunk.archive.bag.SegmentRecord;
import io.datapunk.archive.content.ChunkReader;
import io.datapunk.archive.segment.Compression;
import io.datapunk.archive.segment.SegmentWriter;
import io.datapunk.lake.encryption.SegmentKeys;
import io.datapunk.lake.model.Sha256;
import java.io.Closeable;
import java.io.IOException;
import java.security.DigestOutputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.hadoop.fs.FSDataOutputStream;

/** Writes segments into packs, one after another. */
final class PackFiles implements Closeable {
    private final PackageStore store;
    private final PackageFolder folder;
    private final String name;
    private final long packBytes;
    private final Compression compression;
    private final List<Pack> packs = new ArrayList<>();
    private final List<SegmentRecord> segments = new ArrayList<>();

    private FSDataOutputStream file;
    private DigestOutputStream pack;
    private long written;
    private SealTask.OwnersPart part;
    /** Of the owner's segments, the one that is written or comes next. */
    private int current;

    private SegmentWriter segment;

    /** @param name that the packs' names begin with */
    PackFiles(PackageStore store, PackageFolder folder, String name, long packBytes, Compression compression) {
        this.store = store;
        this.folder = folder;
        this.name = name;
        this.packBytes = packBytes;
        this.compression = compression;
    }

    /** What is written from now on is this owner's. */
    void begin(SealTask.OwnersPart next) {
        part = next;
        current = 0;
    }

    /** @param target the segment, by its place in the owner's plan; places never go back */
    void write(int target, ChunkReader chunk) throws IOException {
        if (target != current) {
            endSegment();
        }
        if (segment == null) {
            if (pack != null && written + planned() > packBytes) {
                endPack();
            }
            if (pack == null) {
                file = store.create(folder.file(path()));
                pack = new DigestOutputStream(file, Sha256.digest());
                written = 0;
            }
            segment = new SegmentWriter(
                    pack,
                    part.plan().segments().get(current).name(),
                    part.keys().get(current).key(),
                    compression);
        }
        segment.write(chunk.buffer(), chunk.from(), chunk.length());
    }

    private long planned() {
        return part.plan().segments().get(current).bytes();
    }

    void endSegment() throws IOException {
        if (segment == null) {
            return;
        }
        SegmentWriter.Written sealed = segment.finish();
        segment = null;
        SegmentKeys.New key = part.keys().get(current);
        segments.add(new SegmentRecord(
                part.plan().segments().get(current).name(),
                SegmentRecord.Kind.CONTENT,
                part.owner(),
                key.ownerKey(),
                key.wrapped(),
                path(),
                written,
                sealed.bytes(),
                sealed.sha256(),
                sealed.rawBytes(),
                ""));
        written += sealed.bytes();
        current++;
    }

    void endPack() throws IOException {
        if (pack == null) {
            return;
        }
        PackageStore.close(file);
        packs.add(new Pack(
                path(),
                written,
                HexFormat.of().formatHex(pack.getMessageDigest().digest())));
        pack = null;
        file = null;
    }

    private String path() {
        return PackageWriter.packPath(name + "-" + packs.size());
    }

    List<Pack> packs() {
        return packs;
    }

    List<SegmentRecord> segments() {
        return segments;
    }

    /** Gives up what was not ended: no manifest names it. */
    @Override
    public void close() throws IOException {
        if (segment != null) {
            segment.close();
        }
        if (file != null) {
            file.close();
        }
    }
}
