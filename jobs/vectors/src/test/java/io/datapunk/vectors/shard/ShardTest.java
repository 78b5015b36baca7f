package io.datapunk.vectors.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datapunk.lake.config.IndexSettings;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.index.IndexShard;
import io.datapunk.lake.index.IndexStore;
import io.datapunk.vectors.distance.Neighbours;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.roaringbitmap.RoaringBitmap;

/** Three rows on the axes of a room: what a shard keeps of them, and which of them searches find. */
class ShardTest {
    private static final Instant NOON = Instant.parse("2026-01-05T12:00:00.000001Z");
    private static final IndexSettings SETTINGS = LakeConfig.load(null, Map.of(), Map.of())
            .vectors()
            .require("activity")
            .index();

    @TempDir
    private Path folder;

    private IndexStore store;
    private IndexShard shard;

    @BeforeEach
    void aShardOfThreeRows() throws Exception {
        Path built = folder.resolve("built");
        int rows;
        try (ShardBuilder builder = new ShardBuilder(SETTINGS, 3, built)) {
            builder.add(row("1", "ann", NOON, "Sailing boats on the lake", "Search"), new float[] {1, 0, 0});
            builder.add(row("2", "bob", NOON.plusSeconds(60), "A recipe for bread", "YouTube"), new float[] {0, 1, 0});
            builder.add(
                    new IndexedRow("3", "c3", Optional.empty(), Optional.empty(), Optional.empty(), Map.of()),
                    new float[] {0, 0, 1});
            rows = builder.finish(1);
        }
        store = IndexStore.of(new LakeHome(folder.toString(), folder), new Configuration(), "activity");
        shard = new IndexShard("shard-1", rows, 0, "", new float[0], store.store("shard-1", built));
    }

    private static IndexedRow row(String id, String user, Instant time, String text, String product) {
        return new IndexedRow(
                id, "c" + id, Optional.of(user), Optional.of(time), Optional.of(text), Map.of("product", product));
    }

    @Test
    void rowsComeBackAsTheyWere() throws IOException {
        try (OpenShard open = OpenShard.open(store, shard, SETTINGS)) {
            assertThat(open.row(0)).isEqualTo(row("1", "ann", NOON, "Sailing boats on the lake", "Search"));
            assertThat(open.row(2))
                    .isEqualTo(
                            new IndexedRow("3", "c3", Optional.empty(), Optional.empty(), Optional.empty(), Map.of()));
            assertThat(open.vector(1)).containsExactly(0, 1, 0);
            assertThat(keys(open)).containsExactly(new RowKey("1", "c1"), new RowKey("2", "c2"), new RowKey("3", "c3"));
        }
    }

    @Test
    void theNearestIsFoundFirst() throws IOException {
        assertThat(found(shard, RowFilter.NONE)).containsExactly("1", "2", "3");
    }

    @Test
    void onlyRowsThatMeetTheFilterAreFound() throws IOException {
        assertThat(found(shard, new RowFilter(Optional.of("bob"), Optional.empty(), Optional.empty(), Map.of())))
                .containsExactly("2");
        assertThat(found(
                        shard,
                        new RowFilter(
                                Optional.empty(), Optional.empty(), Optional.empty(), Map.of("product", "Search"))))
                .containsExactly("1");
        assertThat(found(
                        shard,
                        new RowFilter(Optional.empty(), Optional.of(NOON.plusNanos(1000)), Optional.empty(), Map.of())))
                .as("from a microsecond later on; a row without a time is of no time")
                .containsExactly("2");
        assertThat(found(
                        shard,
                        new RowFilter(
                                Optional.empty(), Optional.of(NOON), Optional.of(NOON.plusSeconds(60)), Map.of())))
                .as("the end is not among them")
                .containsExactly("1");
        assertThat(found(shard, new RowFilter(Optional.of("eve"), Optional.empty(), Optional.empty(), Map.of())))
                .isEmpty();
    }

    @Test
    void rowsAreFoundByTheirWords() throws IOException {
        try (OpenShard open = OpenShard.open(store, shard, SETTINGS)) {
            assertThat(open.withTerms("LAKE boats, please", RowFilter.NONE, 10).ordinals())
                    .containsExactly(0);
            assertThat(open.withTerms("bread lake", RowFilter.NONE, 10).ordinals())
                    .containsExactlyInAnyOrder(0, 1);
            assertThat(open.withTerms("…", RowFilter.NONE, 10).ordinals()).isEmpty();
            RowFilter bobs = new RowFilter(Optional.of("bob"), Optional.empty(), Optional.empty(), Map.of());
            assertThat(open.withTerms("bread lake", bobs, 10).ordinals()).containsExactly(1);
        }
    }

    @Test
    void maskedRowsAreNotFound() throws IOException {
        IndexShard masked = store.mask(shard, RoaringBitmap.bitmapOf(0));
        assertThat(masked.live()).isEqualTo(2);
        assertThat(found(masked, RowFilter.NONE)).containsExactly("2", "3");
        try (OpenShard open = OpenShard.open(store, masked, SETTINGS)) {
            assertThat(keys(open)).containsExactly(new RowKey("2", "c2"), new RowKey("3", "c3"));
            assertThat(open.withTerms("lake", RowFilter.NONE, 10).ordinals()).isEmpty();
        }
    }

    @Test
    void whatIsDamagedIsNamed() throws IOException {
        assertThat(store.damages(shard)).isEmpty();
        Path rows = folder.resolve("vectors/activity/shards/shard-1/rows");
        Path file;
        try (var files = Files.list(rows)) {
            file = files.filter(path -> path.toString().endsWith(".cfs"))
                    .findFirst()
                    .orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
        assertThat(store.damages(shard))
                .singleElement()
                .asString()
                .contains(file.getFileName().toString());
        Files.delete(file);
        assertThat(store.damages(shard))
                .singleElement()
                .asString()
                .contains(file.getFileName().toString());
        assertThatThrownBy(() -> OpenShard.open(store, shard, SETTINGS)).isInstanceOf(IOException.class);
    }

    @Test
    void personsAreErasedWithTheirShards() throws IOException {
        assertThat(store.erase("eve")).isEmpty();
        assertThat(store.erase("ann")).containsExactly("shard-1");
        assertThat(folder.resolve("vectors/activity/shards/shard-1/users.txt")).doesNotExist();
        assertThat(store.damages(shard)).isNotEmpty();
    }

    private List<String> found(IndexShard of, RowFilter filter) throws IOException {
        try (OpenShard open = OpenShard.open(store, of, SETTINGS)) {
            Neighbours found = open.searcher(filter).nearest(new float[] {3, 2, 1}, 10);
            List<String> ids = new ArrayList<>();
            for (int ordinal : found.ordinals()) {
                ids.add(open.row(ordinal).id());
            }
            return ids;
        }
    }

    private static List<RowKey> keys(OpenShard open) throws IOException {
        List<RowKey> keys = new ArrayList<>();
        open.forEachKey((key, ordinal) -> keys.add(key));
        return keys;
    }
}
