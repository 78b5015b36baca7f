package io.datapunk.lake.delta;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.CanonicalRow;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.RowChecksum;
import io.datapunk.testkit.S3Faults;
import io.datapunk.testkit.SharedS3;
import io.datapunk.testkit.SparkJvm;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Two Spark drivers in processes of their own append to one table on S3 at once. */
class TwoDriversTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> DRIVERS = List.of("one", "other");
    private static final DatasetName DATASET = DatasetName.parse("user_data.activity");
    private static final String TABLE = "tables/user_data/activity";

    private final String bucket = SharedS3.bucket();

    @TempDir
    Path folder;

    /** {@code -Dlake.test.commits=200} makes more; a dozen meet checkpoints, and a version that both want at nearly each. */
    @Test
    void ofADozenCommitsEachNoneIsLostAndNoVersionIsDoubled() throws Exception {
        try (S3Faults store = S3Faults.start()) {
            assertNothingIsLost(Integer.getInteger("lake.test.commits", 12), store);
        }
    }

    @Test
    @Tag("full")
    void norWhereTheStoreIsBusyAndLosesAnswers() throws Exception {
        AtomicInteger commits = new AtomicInteger();
        try (S3Faults store = S3Faults.start()
                .loseAnswers(3, (method, path) -> isCommit(method, path) && commits.incrementAndGet() % 5 == 0)
                .refuse(2, 503, (method, path) -> isCommit(method, path) && commits.get() % 7 == 0)) {
            assertNothingIsLost(10, store);
            assertThat(store.outstanding()).isZero();
        }
    }

    private static boolean isCommit(String method, String path) {
        return method.equals("PUT") && path.endsWith(".json");
    }

    private void assertNothingIsLost(int commits, S3Faults store) throws Exception {
        Path errors = folder.resolve("errors");
        List<Process> drivers = new ArrayList<>();
        try {
            for (int place = 0; place < DRIVERS.size(); place++) {
                drivers.add(start(place, commits, store, errors));
            }
            for (Process driver : drivers) {
                assertThat(driver.waitFor(3, TimeUnit.HOURS)).isTrue();
                assertThat(driver.exitValue()).as(Files.readString(errors)).isZero();
            }
        } finally {
            drivers.forEach(Process::destroyForcibly);
        }

        int all = DRIVERS.size() * commits;
        assertThat(versions()).isEqualTo(names(all));
        assertThat(transactions(all)).doesNotHaveDuplicates().hasSize(all);
        assertThat(rows()).isEqualTo(expected(commits));
        assertThat(store.seen()).as("versions that both wanted").anyMatch(request -> request.endsWith(".json 412"));
    }

    private Process start(int place, int commits, S3Faults store, Path errors) throws IOException {
        List<String> command = SparkJvm.command(AppendingDriver.class, "-Xmx512m");
        command.addAll(List.of(
                DRIVERS.get(place),
                "s3a://" + bucket + "/" + TABLE,
                store.endpoint().toString(),
                Integer.toString(commits),
                folder.toString(),
                Integer.toString(place),
                Integer.toString(DRIVERS.size())));
        return new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(new File("/dev/null")))
                .redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()))
                .start();
    }

    private List<String> versions() {
        return SharedS3.client()
                .listObjectsV2Paginator(list -> list.bucket(bucket).prefix(TABLE + "/_delta_log/"))
                .contents()
                .stream()
                .map(S3Object::key)
                .map(key -> key.substring(key.lastIndexOf('/') + 1))
                .filter(name -> name.matches("\\d{20}\\.json"))
                .sorted()
                .toList();
    }

    private static List<String> names(int versions) {
        return IntStream.range(0, versions)
                .mapToObj(version -> String.format(Locale.ROOT, "%020d.json", version))
                .toList();
    }

    /** The id of the transaction that made each version. */
    private List<String> transactions(int versions) throws IOException {
        List<String> ids = new ArrayList<>();
        for (String name : names(versions)) {
            String commit = SharedS3.client()
                    .getObjectAsBytes(get -> get.bucket(bucket).key(TABLE + "/_delta_log/" + name))
                    .asUtf8String();
            for (String line : commit.lines().toList()) {
                JsonNode info = JSON.readTree(line).path("commitInfo");
                if (!info.isMissingNode()) {
                    ids.add(info.get("txnId").asText());
                }
            }
        }
        return ids;
    }

    private RowChecksum rows() {
        Configuration configuration = new Configuration();
        SharedS3.hadoopSettings(SharedS3.endpoint()).forEach(configuration::set);
        return new KernelReader(new LakeHome("s3a://" + bucket, folder), configuration).checksum(DATASET);
    }

    private static RowChecksum expected(int commits) {
        CanonicalRow rows = new CanonicalRow();
        for (String driver : DRIVERS) {
            for (int number = 0; number < commits; number++) {
                rows.putText(driver);
                rows.putLong(number);
                rows.endRow();
            }
        }
        return rows.checksum();
    }
}
