package io.datapunk.lake.audit;

import java.util.List;

/**
 * Proof that a leaf stands in a tree.
 *
 * @param index of the leaf, from 0
 * @param size how many leaves the tree has
 * @param path the roots of the subtrees beside the way from the leaf up to the root
 */
record InclusionProof(long index, long size, List<TreeHash> path) {
    InclusionProof {
        path = List.copyOf(path);
    }

    /**
     * Whether it proves that; RFC 9162, section 2.1.3.2.
     *
     * @param root of a tree of this size: the two go together, and a signed head names both
     */
    boolean proves(TreeHash leaf, TreeHash root) {
        if (index < 0 || index >= size) {
            return false;
        }
        long node = index;
        long last = size - 1;
        TreeHash hash = leaf;
        for (TreeHash sibling : path) {
            if (last == 0) {
                return false;
            }
            if ((node & 1) == 1 || node == last) {
                hash = TreeHash.ofNode(sibling, hash);
                // The last node of a level without a sibling stands on the next level as it is.
                while ((node & 1) == 0 && node != 0) {
                    node >>= 1;
                    last >>= 1;
                }
            } else {
                hash = TreeHash.ofNode(hash, sibling);
            }
            node >>= 1;
            last >>= 1;
        }
        return last == 0 && hash.equals(root);
    }
}
