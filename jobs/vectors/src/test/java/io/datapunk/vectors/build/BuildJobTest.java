package io.datapunk.vectors.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datapunk.lake.index.IndexManifest;
import io.datapunk.lake.index.IndexShard;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.model.table.VectorBuildsTable;
import io.datapunk.vectors.shard.RowFilter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BuildJobTest {
    @TempDir
    private Path folder;

    private VectorsFixture lake;

    @BeforeEach
    void aLake() {
        lake = new VectorsFixture(folder, Map.of());
    }

    @Test
    void manyRowsBecomeShardsOfWhatIsNearToOneAnother() throws IOException {
        lake.append(0, 3000);

        BuildJob.Report report = lake.build();

        assertThat(report.changed()).isTrue();
        assertThat(report.newRows()).isEqualTo(3000);
        assertThat(report.builtRows()).isEqualTo(3000);
        assertThat(report.recall()).isGreaterThanOrEqualTo(0.95);
        IndexManifest index = lake.index();
        assertThat(index.rows()).isEqualTo(3000);
        assertThat(index.shards()).hasSizeGreaterThan(3).allSatisfy(shard -> {
            assertThat(shard.isRouted()).isTrue();
            assertThat(shard.rows()).isLessThanOrEqualTo(1300);
        });
        assertThat(index.probes())
                .as("a search looks into some of them")
                .isLessThan(index.shards().size());
        assertThat(lake.near(7, 20, RowFilter.NONE))
                .as("points of the same heap")
                .allMatch(id -> Integer.parseInt(id) % 20 == 7);
    }

    @Test
    void aSecondBuildWithoutChangesDoesNothing() {
        lake.append(0, 500);
        BuildJob.Report first = lake.build();

        BuildJob.Report second = lake.build();

        assertThat(second.changed()).isFalse();
        assertThat(second.version()).isEqualTo(first.version());
        assertThat(lake.index().shards()).hasSize(1);
    }

    @Test
    void newRowsBecomeAShardAndGoneRowsAreMasked() throws IOException {
        lake.append(0, 900);
        lake.build();
        IndexShard base = lake.index().shards().get(0);
        lake.append(900, 920);
        lake.delete("id = '%s'".formatted(VectorsFixture.id(27)));

        BuildJob.Report report = lake.build();

        assertThat(report.newRows()).isEqualTo(20);
        assertThat(report.goneRows()).isEqualTo(1);
        assertThat(report.builtRows()).as("only the new ones").isEqualTo(20);
        assertThat(lake.index().shards()).extracting(IndexShard::id).contains(base.id());
        assertThat(lake.index().rows()).isEqualTo(919);
        assertThat(lake.near(7, 100, RowFilter.NONE))
                .contains(VectorsFixture.id(907))
                .doesNotContain(VectorsFixture.id(27));
    }

    @Test
    void filtersHoldInEveryShard() throws IOException {
        lake.append(0, 1500);
        lake.build();
        RowFilter anns = new RowFilter(Optional.of("ann"), Optional.empty(), Optional.empty(), Map.of());
        assertThat(lake.near(8, 30, anns)).hasSize(30).allMatch(id -> Integer.parseInt(id) % 2 == 0);
        RowFilter heap = new RowFilter(Optional.empty(), Optional.empty(), Optional.empty(), Map.of("heap", "3"));
        assertThat(lake.near(3, 30, heap)).hasSize(30).allMatch(id -> Integer.parseInt(id) % 20 == 3);
    }

    @Test
    void anIndexThatFindsTooLittleIsNotPublished() {
        VectorsFixture careless = new VectorsFixture(
                folder, Map.of("index", "ivf", "ivf.lists", "100", "ivf.probes", "1", "recall", "1.0"));
        careless.append(0, 5000);

        assertThatThrownBy(careless::build).isInstanceOfSatisfying(LakeException.class, e -> {
            assertThat(e.kind()).isEqualTo(LakeException.Kind.GATE);
            assertThat(e.problem()).contains("points was not published");
            assertThat(e.reason()).contains("instead of 1.0000");
        });
        assertThat(careless.store().current()).isEmpty();
        assertThat(shards()).as("nothing is left of it").isEmpty();
        assertThat(builds(careless)).containsExactly("points 1 5000 5000 1.0 false");
    }

    @Test
    void everyBuildAndWhatItsSearchesFoundIsWrittenDown() {
        lake.append(0, 300);
        lake.build();
        lake.append(300, 310);
        lake.build();
        lake.build();

        assertThat(builds(lake)).containsExactly("points 1 300 300 0.95 true", "points 2 310 10 0.95 true");
    }

    private static List<String> builds(VectorsFixture lake) {
        return lake
                .spark
                .read()
                .format("delta")
                .load(lake.home.tablePath(VectorBuildsTable.DEFINITION.name()))
                .orderBy("version")
                .selectExpr("concat_ws(' ', collection, version, rows, built_rows, recall_target, published)")
                .collectAsList()
                .stream()
                .map(row -> row.getString(0))
                .toList();
    }

    @Test
    void damagedShardsAreNamedAndBuiltAnew() throws IOException {
        lake.append(0, 800);
        lake.build();
        Path file = folder.resolve("home/vectors/points/shards")
                .resolve(lake.index().shards().get(0).id())
                .resolve(lake.index().shards().get(0).files().get(0).path());
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);

        BuildJob.Report report = lake.build();

        assertThat(report.damages()).singleElement().asString().contains(file.toString());
        assertThat(report.builtRows()).isEqualTo(800);
        assertThat(lake.store().damages(lake.index().shards().get(0))).isEmpty();
    }

    @Test
    void otherSettingsMakeAnotherIndex() {
        lake.append(0, 500);
        lake.build();
        VectorsFixture flat = new VectorsFixture(folder, Map.of("index", "flat"));

        BuildJob.Report report = flat.build();

        assertThat(report.builtRows()).isEqualTo(500);
        assertThat(report.recall()).isEqualTo(1);
        assertThat(flat.index().settings()).contains("FLAT");
    }

    @Test
    void anEmptyCollectionHasAnIndexThatFindsNothing() throws IOException {
        BuildJob.Report report = lake.build();

        assertThat(report.rows()).isZero();
        assertThat(lake.near(1, 10, RowFilter.NONE)).isEmpty();
    }

    @Test
    void aCollectionWithoutVectorsIsRefusedWithARemedy() {
        VectorsFixture other = new VectorsFixture(folder, Map.of());
        assertThatThrownBy(() -> new BuildJob(other.spark, other.config, other.home)
                        .run(
                                new BuildJob.Request(
                                        other.config.vectors().require("messages"), false, VectorsFixture.NOW),
                                Progress.NONE))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.remedy()).contains("lake vectors embed messages"));
    }

    private List<Path> shards() {
        try (Stream<Path> files = Files.walk(folder.resolve("home/vectors/points"))) {
            return files.filter(Files::isRegularFile).toList();
        } catch (IOException none) {
            return List.of();
        }
    }
}
