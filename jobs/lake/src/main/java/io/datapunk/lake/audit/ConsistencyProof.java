package io.datapunk.lake.audit;

import java.util.ArrayList;
import java.util.List;

/**
 * Proof that a tree continues an older one: that none of the older one's leaves was changed, dropped or moved.
 *
 * @param from how many leaves the older tree has
 * @param to how many the newer one has
 * @param path roots of subtrees from which both roots are made
 */
record ConsistencyProof(long from, long to, List<TreeHash> path) {
    ConsistencyProof {
        path = List.copyOf(path);
    }

    /** Whether it proves that; RFC 9162, section 2.1.4.2. */
    boolean proves(TreeHash oldRoot, TreeHash newRoot) {
        if (from < 0 || from > to) {
            return false;
        }
        if (from == 0 || from == to) {
            return path.isEmpty() && oldRoot.equals(from == 0 ? TreeHash.OF_NOTHING : newRoot);
        }
        List<TreeHash> hashes = new ArrayList<>(path);
        if (Long.bitCount(from) == 1) {
            hashes.add(0, oldRoot);
        }
        if (hashes.isEmpty()) {
            return false;
        }
        int complete = Long.numberOfTrailingZeros(from);
        long node = (from - 1) >> complete;
        long last = (to - 1) >> complete;
        TreeHash older = hashes.get(0);
        TreeHash newer = older;
        for (TreeHash hash : hashes.subList(1, hashes.size())) {
            if (last == 0) {
                return false;
            }
            if ((node & 1) == 1 || node == last) {
                older = TreeHash.ofNode(hash, older);
                newer = TreeHash.ofNode(hash, newer);
                while ((node & 1) == 0 && node != 0) {
                    node >>= 1;
                    last >>= 1;
                }
            } else {
                newer = TreeHash.ofNode(newer, hash);
            }
            node >>= 1;
            last >>= 1;
        }
        return last == 0 && older.equals(oldRoot) && newer.equals(newRoot);
    }
}
