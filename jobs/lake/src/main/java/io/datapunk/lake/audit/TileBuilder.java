package io.datapunk.lake.audit;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Grows a tree leaf by leaf and cuts it into tiles: a tile of level L holds the roots of {@value #WIDTH} neighbouring
 * complete subtrees of {@code 256^L} leaves each (C2SP tlog-tiles). Holds the unfinished tile of each level and nothing
 * else.
 */
final class TileBuilder {
    /** Hashes in a full tile. */
    static final int WIDTH = 256;

    /** Levels of the tree in a tile. */
    static final int HEIGHT = 8;

    /** Takes the tiles that are full. */
    @FunctionalInterface
    interface Sink {
        void full(int level, long index, List<TreeHash> tile) throws IOException;
    }

    private final List<List<TreeHash>> unfinished = new ArrayList<>();
    private final Sink sink;
    private long size;

    TileBuilder(Sink sink) {
        this.sink = sink;
    }

    /**
     * Goes on where another one was.
     *
     * @param size leaves that it had
     * @param unfinished its unfinished tiles, by level
     */
    TileBuilder(long size, List<List<TreeHash>> unfinished, Sink sink) {
        this(sink);
        this.size = size;
        unfinished.forEach(tile -> this.unfinished.add(new ArrayList<>(tile)));
    }

    long size() {
        return size;
    }

    void add(TreeHash leaf) throws IOException {
        TreeHash hash = leaf;
        long hashes = ++size;
        for (int level = 0; ; level++) {
            if (level == unfinished.size()) {
                unfinished.add(new ArrayList<>());
            }
            List<TreeHash> tile = unfinished.get(level);
            tile.add(hash);
            if (tile.size() < WIDTH) {
                return;
            }
            hashes /= WIDTH;
            sink.full(level, hashes - 1, List.copyOf(tile));
            hash = root(tile);
            tile.clear();
        }
    }

    /** The unfinished tiles, by level. */
    List<List<TreeHash>> unfinished() {
        return unfinished.stream().map(List::copyOf).toList();
    }

    /** The root over all leaves, as {@link MerkleTree#root} defines it. */
    TreeHash root() {
        if (size == 0) {
            return TreeHash.OF_NOTHING;
        }
        List<TreeHash> complete = new ArrayList<>();
        for (List<TreeHash> tile : unfinished) {
            List<TreeHash> roots = completeSubtrees(tile);
            Collections.reverse(roots);
            complete.addAll(roots);
        }
        return complete.stream()
                .reduce((right, left) -> TreeHash.ofNode(left, right))
                .orElseThrow();
    }

    /** Roots of the largest complete subtrees, from the left, that together are the hashes. */
    private static List<TreeHash> completeSubtrees(List<TreeHash> hashes) {
        List<TreeHash> roots = new ArrayList<>();
        for (int from = 0; from < hashes.size(); ) {
            int length = Integer.highestOneBit(hashes.size() - from);
            roots.add(root(hashes.subList(from, from + length)));
            from += length;
        }
        return roots;
    }

    /** The root over hashes of complete subtrees; their number is a power of two. */
    static TreeHash root(List<TreeHash> hashes) {
        List<TreeHash> level = hashes;
        while (level.size() > 1) {
            List<TreeHash> above = new ArrayList<>(level.size() / 2);
            for (int i = 0; i < level.size(); i += 2) {
                above.add(TreeHash.ofNode(level.get(i), level.get(i + 1)));
            }
            level = above;
        }
        return level.get(0);
    }
}
