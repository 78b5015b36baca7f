package io.datapunk.lake.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The tree of eight leaves that implementations of RFC 6962 are tested with, those of Certificate Transparency first. */
class MerkleTreeTest {
    private static final List<TreeHash> LEAVES = Stream.of(
                    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
            .map(HexFormat.of()::parseHex)
            .map(TreeHash::ofLeaf)
            .toList();

    /** By the number of leaves, from 0. */
    private static final List<String> ROOTS = List.of(
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");

    private final MerkleTree tree = MerkleTreeProperties.tree(LEAVES);

    @Test
    void rootsAreThoseOfTheReference() throws IOException {
        assertThat(IntStream.rangeClosed(0, 8).mapToObj(tree::root))
                .map(TreeHash::toString)
                .isEqualTo(ROOTS);

        TileBuilder builder = new TileBuilder((level, index, tile) -> {});
        assertThat(builder.root()).hasToString(ROOTS.get(0));
        for (int size = 1; size <= 8; size++) {
            builder.add(LEAVES.get(size - 1));
            assertThat(builder.root()).hasToString(ROOTS.get(size));
        }
    }

    @Test
    void inclusionProofsAreThoseOfTheReference() {
        assertThat(hex(tree.inclusion(0, 1).path())).isEmpty();
        assertThat(hex(tree.inclusion(0, 8).path()))
                .containsExactly(
                        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4");
        assertThat(hex(tree.inclusion(5, 8).path()))
                .containsExactly(
                        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7");
    }

    @Test
    void consistencyProofsAreThoseOfTheReference() {
        assertThat(hex(tree.consistency(1, 1).path())).isEmpty();
        assertThat(hex(tree.consistency(1, 8).path()))
                .containsExactly(
                        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4");
        assertThat(hex(tree.consistency(6, 8).path()))
                .containsExactly(
                        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7");
        assertThat(hex(tree.consistency(2, 5).path()))
                .containsExactly(
                        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b");
    }

    /** A path fits every leaf whose way to the root turns as often the same way: a root goes with one size only. */
    @Test
    void aProofForAnotherIndexOrSizeProvesNothing() {
        InclusionProof right = tree.inclusion(5, 8);
        TreeHash leaf = LEAVES.get(5);
        TreeHash root = tree.root(8);

        assertThat(right.proves(leaf, root)).isTrue();
        assertThat(right.proves(leaf, tree.root(7))).isFalse();
        for (long index = -1; index <= 8; index++) {
            assertThat(new InclusionProof(index, 8, right.path()).proves(leaf, root))
                    .as("entry %s", index)
                    .isEqualTo(index == 5);
        }
        for (long size : List.of(-8L, 0L, 1L, 4L, 5L, 6L, 9L, 16L, Long.MAX_VALUE)) {
            assertThat(new InclusionProof(5, size, right.path()).proves(leaf, root))
                    .as("size %s", size)
                    .isFalse();
        }
    }

    @Test
    void aTreeDoesNotContinueALargerOneAndNothingIsProvenByNothing() {
        assertThat(new ConsistencyProof(8, 6, tree.consistency(6, 8).path()).proves(tree.root(8), tree.root(6)))
                .isFalse();
        assertThat(new ConsistencyProof(6, 8, List.of()).proves(tree.root(6), tree.root(8)))
                .isFalse();
        assertThat(new ConsistencyProof(4, 8, List.of()).proves(tree.root(8), tree.root(8)))
                .isFalse();
        assertThat(new ConsistencyProof(0, 8, List.of()).proves(tree.root(0), tree.root(8)))
                .isTrue();
        assertThat(new ConsistencyProof(0, 8, List.of()).proves(tree.root(1), tree.root(8)))
                .isFalse();
        assertThat(new ConsistencyProof(8, 8, List.of()).proves(tree.root(8), tree.root(7)))
                .isFalse();
    }

    private static List<String> hex(List<TreeHash> path) {
        return path.stream().map(TreeHash::toString).toList();
    }
}
