package io.datapunk.lake.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.lake.spark.SparkPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoresTest {
    @Test
    void aFolderIsNamedAlikeBeforeAndAfterItIsMade(@TempDir Path folder) throws IOException {
        Path place = folder.resolve("my copies 100%25");
        var before = Stores.path(place + "/");
        Files.createDirectory(place);

        assertThat(Stores.path(place.toString())).isEqualTo(before);
        assertThat(before.toUri().getPath()).isEqualTo(place.toString());
        assertThat(before.toUri().getScheme()).isEqualTo("file");
    }

    @Test
    void aBucketHasNoSlashAtItsEnd() {
        assertThat(Stores.path("s3a://bucket/prefix/")).hasToString("s3a://bucket/prefix");
    }

    @Test
    void sparkReadsAFileByItsNameAndNotByAPattern() {
        assertThat(SparkPath.toWrite(Path.of("/reads of [march] {1}.csv"))).isEqualTo("file:/reads of [march] {1}.csv");
        assertThat(SparkPath.toRead(Path.of("/reads of [march] {1}.csv")))
                .isEqualTo("file:/reads of \\[march\\] \\{1\\}.csv");
    }
}
