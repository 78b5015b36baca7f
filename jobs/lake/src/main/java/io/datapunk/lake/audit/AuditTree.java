package io.datapunk.lake.audit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** The Merkle tree over the log's entries up to a head. Made from tiles and from what of the log is in none yet. */
final class AuditTree {
    private final TileFolder tiles;
    private final AuditHead head;
    private final TreeHash root;
    private final List<List<TreeHash>> unfinished;

    private AuditTree(TileFolder tiles, AuditHead head, TileBuilder builder) {
        this.tiles = tiles;
        this.head = head;
        this.root = builder.root();
        this.unfinished = builder.unfinished();
    }

    /**
     * Reads what was appended since the last full tile, and writes the tiles that are full now. One process at a time.
     *
     * @throws DamagedException where tiles and log do not fit together
     */
    static AuditTree catchUp(Path folder, AuditHead head) throws IOException, DamagedException {
        TileFolder tiles = new TileFolder(folder);
        List<Long> ends = new ArrayList<>(tiles.ends());
        int known = ends.size();
        AuditHead start = start(tiles, ends, known);
        TileBuilder builder = new TileBuilder(start.entries(), tiles.unfinished(known), tiles::write);
        AuditScan scan = scan(folder, start, head, (entry, line, offset) -> {
            builder.add(TreeHash.ofHex(entry.hash()));
            if (builder.size() % TileBuilder.WIDTH == 0) {
                ends.add(offset + line.length + 1);
            }
        });
        if (scan.result().damage().isPresent()) {
            throw new DamagedException(AuditDamage.of(scan.result().damage().orElseThrow()));
        }
        if (ends.size() > known) {
            for (int level = 1; level < builder.unfinished().size(); level++) {
                List<TreeHash> tile = builder.unfinished().get(level);
                if (!tile.isEmpty()) {
                    tiles.write(level, fullTiles(level, head.entries()), tile);
                }
            }
            tiles.writeEnds(ends);
        }
        return new AuditTree(tiles, head, builder);
    }

    /** Reads the entries from a number on, in order. */
    static void read(Path folder, AuditHead head, long from, AuditScan.Visitor visitor)
            throws IOException, DamagedException {
        TileFolder tiles = new TileFolder(folder);
        List<Long> ends = tiles.ends();
        AuditHead start = start(tiles, ends, (int) Math.min(ends.size(), from / TileBuilder.WIDTH));
        AuditScan scan = scan(folder, start, head, (entry, line, offset) -> {
            if (entry.sequence() >= from) {
                visitor.entry(entry, line, offset);
            }
        });
        if (scan.result().damage().isPresent()) {
            throw new DamagedException(AuditDamage.of(scan.result().damage().orElseThrow()));
        }
    }

    TreeHash root() {
        return root;
    }

    MerkleTree proofs() {
        return new MerkleTree(this::subtree);
    }

    TreeHash leaf(long index) {
        return subtree(0, index);
    }

    private TreeHash subtree(int level, long index) {
        int tileLevel = level / TileBuilder.HEIGHT;
        int hashes = 1 << level % TileBuilder.HEIGHT;
        long first = index * hashes;
        long tile = first / TileBuilder.WIDTH;
        int from = (int) (first % TileBuilder.WIDTH);
        List<TreeHash> all =
                tile < fullTiles(tileLevel, head.entries()) ? readFull(tileLevel, tile) : unfinished.get(tileLevel);
        return TileBuilder.root(all.subList(from, from + hashes));
    }

    private List<TreeHash> readFull(int level, long index) {
        try {
            return tiles.read(level, index, TileBuilder.WIDTH);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (DamagedException e) {
            throw AuditTrail.damaged(e.damage());
        }
    }

    /** How many tiles of a level are full in a tree of that many entries. */
    private static long fullTiles(int level, long entries) {
        return entries >> TileBuilder.HEIGHT * (level + 1);
    }

    /** Where the log goes on after the first {@code known} tiles. */
    private static AuditHead start(TileFolder tiles, List<Long> ends, int known) throws IOException, DamagedException {
        if (known == 0) {
            return AuditHead.EMPTY;
        }
        List<TreeHash> last = tiles.read(0, known - 1L, TileBuilder.WIDTH);
        return new AuditHead(
                (long) known * TileBuilder.WIDTH,
                ends.get(known - 1),
                last.get(last.size() - 1).toString());
    }

    private static AuditScan scan(Path folder, AuditHead start, AuditHead head, AuditScan.Visitor visitor)
            throws IOException, DamagedException {
        boolean ahead = start.entries() > head.entries() || start.bytes() > head.bytes();
        if (ahead || start.entries() == head.entries() && !start.equals(head)) {
            throw new DamagedException(AuditDamage.at(
                    0,
                    TileFolder.ENDS,
                    "the tiles end with entry " + (start.entries() - 1) + " at byte " + start.bytes()
                            + ", and the head with entry " + (head.entries() - 1) + " at byte " + head.bytes()));
        }
        if (head.entries() == 0) {
            return AuditScan.of(InputStream.nullInputStream(), head);
        }
        try (FileChannel log = FileChannel.open(folder.resolve(AuditLog.FILE), StandardOpenOption.READ)) {
            return AuditScan.between(start, Channels.newInputStream(log.position(start.bytes())), head, visitor);
        }
    }
}
