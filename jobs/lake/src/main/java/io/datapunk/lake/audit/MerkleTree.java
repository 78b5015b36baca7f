package io.datapunk.lake.audit;

import java.util.ArrayList;
import java.util.List;

/** Roots and proofs of a Merkle tree as RFC 9162, section 2.1, defines them, from its complete subtrees. */
final class MerkleTree {
    /** The roots of complete subtrees. */
    @FunctionalInterface
    interface Subtrees {
        /** Root over the leaves from {@code index << level} on, {@code 1 << level} of them. */
        TreeHash root(int level, long index);
    }

    private final Subtrees subtrees;

    MerkleTree(Subtrees subtrees) {
        this.subtrees = subtrees;
    }

    /** The root over the first {@code size} leaves. */
    TreeHash root(long size) {
        return size == 0 ? TreeHash.OF_NOTHING : root(0, size);
    }

    /** That the leaf {@code index} stands in the tree of the first {@code size} leaves; section 2.1.3.1. */
    InclusionProof inclusion(long index, long size) {
        requireOrder(0, index, size - 1);
        List<TreeHash> path = new ArrayList<>();
        long from = 0;
        long to = size;
        while (to - from > 1) {
            long middle = from + split(to - from);
            boolean left = index < middle;
            // From the root down, and the proof is read from the leaf up.
            path.add(0, left ? root(middle, to) : root(from, middle));
            from = left ? from : middle;
            to = left ? middle : to;
        }
        return new InclusionProof(index, size, path);
    }

    /** That the tree of the first {@code to} leaves continues the one of the first {@code from}; section 2.1.4.1. */
    ConsistencyProof consistency(long from, long to) {
        requireOrder(0, from, to);
        List<TreeHash> path = new ArrayList<>();
        if (from > 0) {
            addConsistency(from, 0, to, true, path);
        }
        return new ConsistencyProof(from, to, path);
    }

    /**
     * RFC's SUBPROOF over the leaves from {@code begin} to {@code end}.
     *
     * @param old how many of them the older tree has
     * @param whole whether these are all of the older tree's, whose root the verifier has
     */
    private void addConsistency(long old, long begin, long end, boolean whole, List<TreeHash> path) {
        long size = end - begin;
        if (old == size) {
            if (!whole) {
                path.add(root(begin, end));
            }
            return;
        }
        long split = split(size);
        if (old <= split) {
            addConsistency(old, begin, begin + split, whole, path);
            path.add(root(begin + split, end));
        } else {
            addConsistency(old - split, begin + split, end, false, path);
            path.add(root(begin, begin + split));
        }
    }

    private TreeHash root(long from, long to) {
        long size = to - from;
        if (Long.bitCount(size) == 1) {
            int level = Long.numberOfTrailingZeros(size);
            return subtrees.root(level, from >> level);
        }
        long middle = from + split(size);
        return TreeHash.ofNode(root(from, middle), root(middle, to));
    }

    /** The largest power of two below a size. */
    private static long split(long size) {
        return Long.highestOneBit(size - 1);
    }

    private static void requireOrder(long least, long value, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(value + " is not from " + least + " to " + most);
        }
    }
}
