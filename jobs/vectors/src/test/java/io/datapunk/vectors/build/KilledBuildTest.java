package io.datapunk.vectors.build;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.lake.index.IndexShard;
import io.datapunk.testkit.FolderCopy;
import io.datapunk.testkit.RunToKill;
import io.datapunk.vectors.shard.RowFilter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A build that has new rows, gone rows and shards to merge is killed. Whoever searches meanwhile finds what the index before
 * has, or what the new one has, never anything else, and the next build does all of it.
 */
@Tag("full")
class KilledBuildTest {
    private static final int KILLS = 1;
    private static final Map<String, String> SETTINGS = Map.of("index", "flat");

    /** Of heap 7, which has one row of twenty. */
    private static final Set<String> BEFORE = heap(860);

    private static final Set<String> AFTER = heap(880);

    static {
        AFTER.remove(VectorsFixture.id(27));
    }

    @TempDir
    private static Path shared;

    private static long undisturbedNanos;

    @TempDir
    private Path folder;

    @BeforeAll
    static void anIndexWithThreeSmallShardsAndChangesThatItLacks() throws Exception {
        VectorsFixture lake = new VectorsFixture(shared, SETTINGS);
        for (int[] rows : new int[][] {{0, 800}, {800, 820}, {820, 840}, {840, 860}}) {
            lake.append(rows[0], rows[1]);
            lake.build();
        }
        assertThat(lake.index().shards()).hasSize(4);
        lake.append(860, 880);
        lake.delete("id = '%s'".formatted(VectorsFixture.id(27)));
        Path trial = Files.createDirectory(shared.resolve("trial"));
        FolderCopy.of(shared.resolve("home"), trial.resolve("home"));
        undisturbedNanos = begin(trial).undisturbedNanos();
    }

    @RepeatedTest(KILLS)
    void oneVersionIsFoundAndTheNextBuildDoesTheRest(RepetitionInfo repetition) throws Exception {
        FolderCopy.of(shared.resolve("home"), folder.resolve("home"));
        VectorsFixture lake = new VectorsFixture(folder, SETTINGS);
        RunToKill build = begin(folder);
        assertThat(foundWhile(lake, () -> build.kill(repetition, undisturbedNanos)))
                .isSubsetOf(Set.of(BEFORE, AFTER));

        lake.build();

        assertThat(found(lake)).isEqualTo(AFTER);
        assertThat(lake.index().shards()).as("the small ones are merged").hasSize(2);
        assertThat(lake.index().shards())
                .allSatisfy(shard -> assertThat(lake.store().damages(shard)).isEmpty());
        assertNothingIsLeftOver(lake);
    }

    @Test
    void aReaderOfTheOldVersionGoesOnWhileTheNewOneIsPublished() throws Exception {
        FolderCopy.of(shared.resolve("home"), folder.resolve("home"));
        VectorsFixture lake = new VectorsFixture(folder, SETTINGS);

        Set<Set<String>> found = foundWhile(lake, lake::build);

        assertThat(found).contains(BEFORE).isSubsetOf(Set.of(BEFORE, AFTER));
        assertThat(found(lake)).isEqualTo(AFTER);
    }

    /** What searches found, one after the other, while something else went on. */
    private static Set<Set<String>> foundWhile(VectorsFixture lake, Work work) throws Exception {
        AtomicBoolean ended = new AtomicBoolean();
        CompletableFuture<Set<Set<String>>> reader = CompletableFuture.supplyAsync(() -> {
            Set<Set<String>> all = new HashSet<>();
            while (!ended.get()) {
                all.add(found(lake));
            }
            return all;
        });
        try {
            work.run();
        } finally {
            ended.set(true);
        }
        return reader.get();
    }

    private interface Work {
        void run() throws Exception;
    }

    /** The rows of heap 7, which are nearer to one another than to all others. */
    private static Set<String> found(VectorsFixture lake) {
        try {
            return lake.near(7, 60, RowFilter.NONE).stream()
                    .filter(id -> Integer.parseInt(id) % 20 == 7)
                    .collect(Collectors.toCollection(TreeSet::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Set<String> heap(int rows) {
        return IntStream.range(8, rows)
                .filter(number -> number % 20 == 7)
                .mapToObj(VectorsFixture::id)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static void assertNothingIsLeftOver(VectorsFixture lake) throws IOException {
        Set<String> newest = lake.index().shards().stream().map(IndexShard::id).collect(Collectors.toSet());
        try (Stream<Path> shards = Files.list(Path.of(lake.home.root(), "vectors/points/shards"))) {
            List<String> others = shards.map(shard -> shard.getFileName().toString())
                    .filter(shard -> !newest.contains(shard))
                    .toList();
            assertThat(others)
                    .as("what the version before needs, for its readers")
                    .hasSizeLessThanOrEqualTo(4);
        }
    }

    private static RunToKill begin(Path lake) throws IOException {
        return RunToKill.begin(BuildRun.class, lake, List.of(lake.toString()));
    }

    /** {@code FOLDER}: builds in a process of its own. */
    static final class BuildRun {
        private BuildRun() {}

        public static void main(String[] arguments) {
            VectorsFixture lake = new VectorsFixture(Path.of(arguments[0]), SETTINGS);
            System.out.println(RunToKill.BEGUN);
            lake.build();
            System.exit(0);
        }
    }
}
