package io.datapunk.archive.content;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.archive.content.SegmentPlan.Part;
import io.datapunk.archive.content.SegmentPlan.Segment;
import io.datapunk.archive.content.StoredEntry.Piece;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class PackingPlanTest {
    private static final long SEGMENT_BYTES = 1000;

    @Property(tries = 500)
    void everyContentIsStoredOnceAndEveryEntryFindsItsOwn(@ForAll long seed) {
        Random random = new Random(seed);
        List<ScannedEntry> entries = entries(random);
        Map<String, ChunkPlace> known = known(random);

        PackingPlan plan = PackingPlan.of(entries, known, SEGMENT_BYTES, number -> "new-" + number);

        Map<ChunkPlace, Chunk> written = written(plan);
        assertThat(written.values().stream().map(Chunk::sha256))
                .doesNotHaveDuplicates()
                .doesNotContainAnyElementsOf(known.keySet());
        assertThat(plan.entries().stream().map(StoredEntry::path))
                .containsExactlyElementsOf(
                        entries.stream().map(ScannedEntry::path).toList());
        for (int i = 0; i < entries.size(); i++) {
            StoredEntry stored = plan.entries().get(i);
            assertThat(stored.chunks().stream().map(Piece::chunk))
                    .containsExactlyElementsOf(entries.get(i).chunks());
            assertThat(stored.chunks()).allSatisfy(piece -> {
                ChunkPlace old = known.get(piece.chunk().sha256());
                if (old == null) {
                    assertThat(written.get(piece.place())).isEqualTo(piece.chunk());
                } else {
                    assertThat(piece.place()).isEqualTo(old);
                }
            });
        }
    }

    @Example
    void coresThatCompressEndAtOnce() {
        long mebibyte = 1L << 20;
        assertThat(PackingPlan.evenSegments(311 * mebibyte, 256 * mebibyte, 2))
                .as("four for each core, not a large one and a small one")
                .isBetween(39 * mebibyte, 41 * mebibyte);
        assertThat(PackingPlan.evenSegments(1200 * mebibyte, 256 * mebibyte, 1))
                .as("no more than have to be where they are enough for every core")
                .isBetween(240 * mebibyte, 256 * mebibyte);
        assertThat(PackingPlan.evenSegments(100 * mebibyte, 256 * mebibyte, 16))
                .as("none so small that it is compressed worse")
                .isBetween(33 * mebibyte, 36 * mebibyte);
        assertThat(PackingPlan.evenSegments(10_000 * mebibyte, 256 * mebibyte, 2))
                .as("none too large")
                .isLessThanOrEqualTo(256 * mebibyte);
        assertThat(PackingPlan.evenSegments(0, 256 * mebibyte, 2)).isPositive();
    }

    @Property(tries = 500)
    void segmentsKeepTheirSizeAndEachEntryHasOneTask(@ForAll long seed) {
        Random random = new Random(seed);

        PackingPlan plan = PackingPlan.of(entries(random), known(random), SEGMENT_BYTES, number -> "new-" + number);

        List<Segment> segments =
                plan.tasks().stream().flatMap(task -> task.segments().stream()).toList();
        assertThat(segments.stream().map(Segment::name)).doesNotHaveDuplicates();
        Map<String, Long> sizes = new HashMap<>();
        Map<String, Integer> counts = new HashMap<>();
        written(plan).forEach((place, chunk) -> {
            sizes.merge(place.segment(), (long) chunk.bytes(), Long::sum);
            counts.merge(place.segment(), 1, Integer::sum);
        });
        assertThat(segments).allSatisfy(segment -> {
            assertThat(segment.bytes()).isEqualTo(sizes.get(segment.name()));
            assertThat(segment.bytes() <= SEGMENT_BYTES || counts.get(segment.name()) == 1)
                    .isTrue();
        });
        assertThat(plan.tasks().stream()
                        .flatMap(task -> task.entries().stream())
                        .map(part -> part.entry().path()))
                .doesNotHaveDuplicates();
    }

    @Example
    void aSecondExportStoresOnlyWhatIsNew() {
        ScannedEntry old = entry("a.json", new Chunk("aa", 300));
        ScannedEntry moved = entry("renamed.json", new Chunk("aa", 300));
        ScannedEntry grown = entry("log.txt", new Chunk("bb", 400), new Chunk("cc", 500));
        Map<String, ChunkPlace> known = Map.of("aa", new ChunkPlace("old-0", 0), "bb", new ChunkPlace("old-0", 300));

        PackingPlan plan = PackingPlan.of(List.of(old, moved, grown), known, SEGMENT_BYTES, number -> "new-" + number);

        assertThat(plan.tasks()).hasSize(1);
        assertThat(plan.tasks().get(0).segments()).containsExactly(new Segment("new-0", 500));
        assertThat(plan.tasks().get(0).entries()).extracting(Part::entry).containsExactly(grown);
        assertThat(plan.tasks().get(0).entries().get(0).segments()).containsExactly(Part.STORED_ALREADY, 0);
    }

    /** What the tasks write, by its place. */
    private static Map<ChunkPlace, Chunk> written(PackingPlan plan) {
        Map<ChunkPlace, Chunk> written = new HashMap<>();
        for (SegmentPlan task : plan.tasks()) {
            Map<Integer, Long> offsets = new HashMap<>();
            for (Part part : task.entries()) {
                for (int i = 0; i < part.segments().length; i++) {
                    int target = part.segments()[i];
                    if (target != Part.STORED_ALREADY) {
                        Chunk chunk = part.entry().chunks().get(i);
                        long offset = offsets.merge(target, (long) chunk.bytes(), Long::sum) - chunk.bytes();
                        written.put(new ChunkPlace(task.segments().get(target).name(), offset), chunk);
                    }
                }
            }
        }
        return written;
    }

    private static List<ScannedEntry> entries(Random random) {
        List<ScannedEntry> entries = new ArrayList<>();
        for (int entry = 0; entry < random.nextInt(30); entry++) {
            Chunk[] chunks = new Chunk[random.nextInt(6)];
            for (int i = 0; i < chunks.length; i++) {
                int content = random.nextInt(60);
                chunks[i] = new Chunk("content " + content, content % 7 == 0 ? 1200 : 1 + content * 10);
            }
            entries.add(entry("entry " + entry, chunks));
        }
        return entries;
    }

    private static Map<String, ChunkPlace> known(Random random) {
        Map<String, ChunkPlace> known = new HashMap<>();
        for (int content = 0; content < 60; content++) {
            if (random.nextInt(4) == 0) {
                known.put("content " + content, new ChunkPlace("old-" + content % 3, content * 1000L));
            }
        }
        return known;
    }

    private static ScannedEntry entry(String path, Chunk... chunks) {
        return new ScannedEntry(
                path, List.of(chunks).stream().mapToLong(Chunk::bytes).sum(), "hash of " + path, List.of(chunks));
    }
}
