package io.datapunk.lake.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class MerkleTreeProperties {
    /** RFC 9162, section 2.1.1, word by word. */
    private static TreeHash root(List<TreeHash> leaves) {
        if (leaves.isEmpty()) {
            return TreeHash.OF_NOTHING;
        }
        if (leaves.size() == 1) {
            return leaves.get(0);
        }
        int k = 1;
        while (2 * k < leaves.size()) {
            k *= 2;
        }
        return TreeHash.ofNode(root(leaves.subList(0, k)), root(leaves.subList(k, leaves.size())));
    }

    static MerkleTree tree(List<TreeHash> leaves) {
        return new MerkleTree(
                (level, index) -> root(leaves.subList((int) (index << level), (int) ((index + 1) << level))));
    }

    private static List<TreeHash> leaves(int size) {
        return IntStream.range(0, size)
                .mapToObj(i -> TreeHash.ofLeaf(Integer.toString(i).getBytes(StandardCharsets.US_ASCII)))
                .toList();
    }

    @Property(tries = 300)
    void rootsAreAsTheStandardDefinesThem(@ForAll @IntRange(max = 1100) int size) throws IOException {
        List<TreeHash> leaves = leaves(size);
        TileBuilder builder = new TileBuilder((level, index, tile) -> {});
        for (TreeHash leaf : leaves) {
            builder.add(leaf);
        }

        assertThat(builder.root()).isEqualTo(root(leaves));
        assertThat(tree(leaves).root(size)).isEqualTo(root(leaves));
    }

    @Property(tries = 5)
    void tilesHoldTheRootsOfTheTilesBelow(@ForAll @IntRange(min = 65_000, max = 66_500) int size) throws IOException {
        List<TreeHash> leaves = leaves(size);
        Map<String, List<TreeHash>> tiles = new HashMap<>();
        TileBuilder builder = new TileBuilder((level, index, tile) -> tiles.put(level + "/" + index, tile));
        for (TreeHash leaf : leaves) {
            builder.add(leaf);
        }

        int full = size / 256;
        assertThat(tiles).hasSize(full + full / 256);
        assertThat(tiles.get("0/7")).isEqualTo(leaves.subList(7 * 256, 8 * 256));
        assertThat(builder.unfinished().get(0)).isEqualTo(leaves.subList(full * 256, size));
        TreeHash seventh = root(leaves.subList(7 * 256, 8 * 256));
        assertThat(full >= 256 ? tiles.get("1/0") : builder.unfinished().get(1))
                .element(7)
                .isEqualTo(seventh);
        assertThat(builder.root()).isEqualTo(root(leaves));
    }

    @Property(tries = 1000)
    void everyEntryIsProvenAndNothingElse(
            @ForAll @IntRange(min = 1, max = 600) int size,
            @ForAll @IntRange(max = 1_000_000) int which,
            @ForAll @IntRange(max = 1_000_000) int change) {
        List<TreeHash> leaves = leaves(size);
        int index = which % size;
        InclusionProof proof = tree(leaves).inclusion(index, size);
        TreeHash leaf = leaves.get(index);
        TreeHash root = root(leaves);
        TreeHash other = TreeHash.ofNode(leaf, root);

        assertThat(proof.proves(leaf, root)).isTrue();
        assertThat(proof.proves(other, root)).isFalse();
        assertThat(proof.proves(leaf, other)).isFalse();
        falsified(proof.path(), other, change)
                .forEach(path -> assertThat(new InclusionProof(index, size, path).proves(leaf, root))
                        .isFalse());
    }

    @Property(tries = 1000)
    void everyContinuationIsProvenAndNothingElse(
            @ForAll @IntRange(min = 1, max = 600) int size,
            @ForAll @IntRange(max = 1_000_000) int which,
            @ForAll @IntRange(max = 1_000_000) int change) {
        List<TreeHash> leaves = leaves(size);
        int from = 1 + which % size;
        ConsistencyProof proof = tree(leaves).consistency(from, size);
        TreeHash oldRoot = root(leaves.subList(0, from));
        TreeHash newRoot = root(leaves);
        TreeHash other = TreeHash.ofNode(oldRoot, newRoot);

        assertThat(proof.proves(oldRoot, newRoot)).isTrue();
        assertThat(proof.proves(other, newRoot)).isFalse();
        assertThat(proof.proves(oldRoot, other)).isFalse();
        falsified(proof.path(), other, change)
                .forEach(path -> assertThat(new ConsistencyProof(from, size, path).proves(oldRoot, newRoot))
                        .isFalse());
    }

    /** A hash too many in front and behind, one too few, one exchanged. */
    private static List<List<TreeHash>> falsified(List<TreeHash> path, TreeHash other, int change) {
        List<List<TreeHash>> falsified = new ArrayList<>();
        List<TreeHash> before = new ArrayList<>(path);
        before.add(0, other);
        falsified.add(before);
        List<TreeHash> after = new ArrayList<>(path);
        after.add(other);
        falsified.add(after);
        if (!path.isEmpty()) {
            falsified.add(path.subList(1, path.size()));
            falsified.add(path.subList(0, path.size() - 1));
            List<TreeHash> exchanged = new ArrayList<>(path);
            exchanged.set(change % path.size(), other);
            falsified.add(exchanged);
        }
        return falsified;
    }
}
