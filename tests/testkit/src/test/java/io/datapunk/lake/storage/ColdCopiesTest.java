package io.datapunk.lake.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.DataFile;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.PartitionFiles;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.Progress;
import io.datapunk.testkit.S3Faults;
import io.datapunk.testkit.SharedS3;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.model.S3Object;

class ColdCopiesTest {
    private static final DatasetName ACTIVITY = DatasetName.parse("user_data.activity");
    private static final PartitionName JANUARY = PartitionName.of(ACTIVITY, "month", "2026-01");

    /** {@code printf 'cold rows' | sha256sum} */
    private static final String DIGEST = "3526c3b974f77a0ea7e7c94763449bbc3a9df3cfeb56c6f20ab3bf054c3544f7";

    @TempDir
    Path folder;

    private Path disk;
    private Path otherDisk;
    private PartitionFiles january;

    @BeforeEach
    void aPartitionWithAColdAndAWarmFile() throws IOException {
        disk = Files.createDirectory(folder.resolve("disk"));
        otherDisk = Files.createDirectory(folder.resolve("other disk"));
        january = new PartitionFiles(
                JANUARY,
                3,
                List.of(
                        file("cold/month=2026-01/a.parquet", "cold rows"),
                        file("month=2026-01/b.parquet", "warm rows")));
    }

    @Test
    void copiesLieByDatasetYearAndMonthEachWithItsChecksum() throws Exception {
        ColdCopies.Made made = copies(disk.toString()).makeUp(List.of(january), Progress.NONE);

        assertThat(made).isEqualTo(new ColdCopies.Made(1, 9, List.of()));
        assertThat(filesBelow(disk))
                .containsExactly("user_data/activity/2026/01/a.parquet", "user_data/activity/2026/01/a.parquet.sha256");
        Path copy = disk.resolve("user_data/activity/2026/01");
        assertThat(copy.resolve("a.parquet")).hasContent("cold rows");
        assertThat(Files.readString(copy.resolve("a.parquet.sha256"))).isEqualTo(DIGEST + "  a.parquet\n");
    }

    @Test
    void aMonthThatIsNoneKeepsItsName() {
        assertThat(CopyFolder.of(PartitionName.of(ACTIVITY, "month", "undated")))
                .isEqualTo("user_data/activity/undated");
        assertThat(CopyFolder.of(PartitionName.of(ACTIVITY, "day", "2026-01-31")))
                .isEqualTo("user_data/activity/2026/01/31");
        assertThat(CopyFolder.of(PartitionName.of(ACTIVITY, "place", "../up"))).isEqualTo("user_data/activity/..%2Fup");
        assertThat(CopyFolder.of(PartitionName.whole(ACTIVITY))).isEqualTo("user_data/activity");
    }

    @Test
    void theTablesOwnFileIsTheFirstCopy() {
        ColdCopies copies = copies();

        assertThat(copies.find(List.of(january)).copies()).containsExactly(Map.entry(JANUARY, 1));
        assertThat(copies.find(List.of(january)).below(3)).containsExactly(JANUARY);
    }

    @Test
    void copiesAreCountedByWhatLiesInTheLocations() throws IOException {
        ColdCopies copies = copies(disk.toString(), otherDisk.toString());
        copies.makeUp(List.of(january), Progress.NONE);

        assertThat(copies.find(List.of(january)).copies()).containsExactly(Map.entry(JANUARY, 3));
        assertThat(copies.find(List.of(january)).below(3)).isEmpty();

        Files.delete(otherDisk.resolve("user_data/activity/2026/01/a.parquet"));
        assertThat(copies.find(List.of(january)).copies()).containsExactly(Map.entry(JANUARY, 2));
    }

    @Test
    void whatWasNeverVerifiedOrWasCutShortIsCopiedAgain() throws IOException {
        ColdCopies copies = copies(disk.toString(), otherDisk.toString());
        copies.makeUp(List.of(january), Progress.NONE);
        Files.delete(disk.resolve("user_data/activity/2026/01/a.parquet.sha256"));
        Files.writeString(otherDisk.resolve("user_data/activity/2026/01/a.parquet"), "cold");

        assertThat(copies.find(List.of(january)).copies()).containsExactly(Map.entry(JANUARY, 1));
        assertThat(copies.makeUp(List.of(january), Progress.NONE).files()).isEqualTo(2);
        assertThat(copies.find(List.of(january)).copies()).containsExactly(Map.entry(JANUARY, 3));
        assertThat(otherDisk.resolve("user_data/activity/2026/01/a.parquet")).hasContent("cold rows");
    }

    @Test
    void aSecondRunCopiesNothing() {
        ColdCopies copies = copies(disk.toString());
        copies.makeUp(List.of(january), Progress.NONE);

        assertThat(copies.makeUp(List.of(january), Progress.NONE)).isEqualTo(new ColdCopies.Made(0, 0, List.of()));
    }

    @Test
    void aDiskThatIsNotMountedGetsNoCopiesAndTheOthersDo() {
        ColdCopies copies = copies(folder.resolve("not mounted").toString(), disk.toString());

        ColdCopies.Made made = copies.makeUp(List.of(january), Progress.NONE);

        assertThat(made.files()).isEqualTo(1);
        assertThat(made.problems()).singleElement().satisfies(problem -> assertThat(problem)
                .hasMessageContaining("not mounted")
                .hasMessageContaining("lake.storage.cold.locations"));
        assertThat(folder.resolve("not mounted")).doesNotExist();
        ColdCopies.Found found = copies.find(List.of(january));
        assertThat(found.copies()).containsExactly(Map.entry(JANUARY, 2));
        assertThat(found.problems()).hasSize(1);
    }

    @Test
    void aBucketGetsCopiesInTheStorageClassOfColdFiles() {
        String bucket = SharedS3.bucket();
        ColdCopies copies = copies(SharedS3.endpoint(), "s3a://" + bucket + "/copies");

        assertThat(copies.makeUp(List.of(january), Progress.NONE)).isEqualTo(new ColdCopies.Made(1, 9, List.of()));
        assertThat(copies.find(List.of(january)).copies()).containsExactly(Map.entry(JANUARY, 2));
        List<S3Object> objects =
                SharedS3.client().listObjectsV2(list -> list.bucket(bucket)).contents();
        assertThat(objects)
                .extracting(S3Object::key)
                .contains(
                        "copies/user_data/activity/2026/01/a.parquet",
                        "copies/user_data/activity/2026/01/a.parquet.sha256");
        assertThat(SharedS3.client()
                        .headObject(head -> head.bucket(bucket).key("copies/user_data/activity/2026/01/a.parquet"))
                        .storageClassAsString())
                .isEqualTo("STANDARD_IA");
    }

    @Test
    void aCopyThatReadsDifferentlyDoesNotCountUntilItIsMadeAgain() {
        String bucket = SharedS3.bucket();
        try (S3Faults store = S3Faults.start()
                .damageAnswers(1, (method, path) -> method.equals("GET") && path.endsWith("a.parquet"))) {
            ColdCopies copies = copies(store.endpoint(), "s3a://" + bucket + "/copies");

            ColdCopies.Made made = copies.makeUp(List.of(january), Progress.NONE);

            assertThat(store.outstanding()).isZero();
            assertThat(made.files()).isZero();
            assertThat(made.problems()).singleElement().satisfies(problem -> assertThat(problem)
                    .hasMessageContaining("is damaged"));
            assertThat(copies.find(List.of(january)).copies()).containsExactly(Map.entry(JANUARY, 1));
            assertThat(copies.makeUp(List.of(january), Progress.NONE).files()).isEqualTo(1);
            assertThat(copies.find(List.of(january)).copies()).containsExactly(Map.entry(JANUARY, 2));
        }
    }

    @Test
    void aBusyBucketIsAskedAgain() {
        String bucket = SharedS3.bucket();
        try (S3Faults store =
                S3Faults.start().refuse(2, 503, (method, path) -> method.equals("PUT") && path.endsWith("a.parquet"))) {
            ColdCopies copies = copies(store.endpoint(), "s3a://" + bucket + "/copies");

            assertThat(copies.makeUp(List.of(january), Progress.NONE).problems())
                    .isEmpty();
            assertThat(store.outstanding()).isZero();
            assertThat(copies.find(List.of(january)).copies()).containsExactly(Map.entry(JANUARY, 2));
        }
    }

    private DataFile file(String path, String content) throws IOException {
        Path file = folder.resolve("lake/tables/user_data/activity").resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
        return new DataFile(path, content.length(), 0, 1, Map.of(), "");
    }

    private ColdCopies copies(String... locations) {
        return copies(SharedS3.endpoint(), locations);
    }

    private ColdCopies copies(URI endpoint, String... locations) {
        Map<String, String> environment = new HashMap<>();
        environment.put("LAKE_HOME", folder.resolve("lake").toString());
        environment.put("LAKE_STORAGE_COLD_LOCATIONS", String.join(",", locations));
        environment.put("LAKE_STORAGE_COLD_STORAGE_CLASS", "STANDARD_IA");
        environment.put("LAKE_STORAGE_S3_ENDPOINT", endpoint.toString());
        environment.put("LAKE_STORAGE_S3_REGION", SharedS3.REGION);
        environment.put("LAKE_STORAGE_S3_PATH_STYLE_ACCESS", "true");
        environment.put("LAKE_STORAGE_S3_ACCESS_KEY", SharedS3.ACCESS_KEY);
        environment.put("LAKE_STORAGE_S3_SECRET_KEY", SharedS3.SECRET_KEY);
        LakeConfig config = LakeConfig.load(null, environment, Map.of());
        return ColdCopies.of(config, LakeHome.of(config));
    }

    private static List<String> filesBelow(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            return paths.filter(Files::isRegularFile)
                    .map(path -> folder.relativize(path).toString())
                    .sorted()
                    .toList();
        }
    }
}
