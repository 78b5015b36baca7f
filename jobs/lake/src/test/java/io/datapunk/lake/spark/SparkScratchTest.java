package io.datapunk.lake.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.lake.storage.OtherJvm;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SparkScratchTest {
    @TempDir
    private Path below;

    @Test
    void eachClaimHasAFolderThatNobodyElseReads() throws IOException {
        Path first = SparkScratch.claim(below);
        Path second = SparkScratch.claim(below);

        assertThat(first).isEmptyDirectory().isNotEqualTo(second);
        assertThat(second).isEmptyDirectory();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(first)))
                .isEqualTo("rwx------");
    }

    @Test
    void whatAKilledProcessLeftIsRemovedByTheNextOne() throws Exception {
        Process other = OtherJvm.start(Claim.class, below.toString());
        Path folder = claimedBy(other);
        Files.createDirectories(folder.resolve("blockmgr-1/0a"));
        Path spilled = Files.writeString(folder.resolve("blockmgr-1/0a/temp_shuffle"), "rows of ann");

        SparkScratch.claim(below);
        assertThat(spilled).as("of a process that is at work").exists();

        other.destroyForcibly().waitFor();
        SparkScratch.claim(below);
        assertThat(folder).doesNotExist();
    }

    @Test
    void aProcessRemovesItsFolderAtItsEnd() throws Exception {
        Process other = OtherJvm.start(Claim.class, below.toString());
        Path folder = claimedBy(other);
        Files.writeString(folder.resolve("left"), "rows of ann");

        other.getOutputStream().close();

        assertThat(other.waitFor()).isZero();
        assertThat(folder).doesNotExist();
    }

    @Test
    void aClusterKeepsItsOwnFolders() {
        Map<String, String> settings = Map.of("spark.master", "spark://host:7077", "spark.local.dir", "/mnt/scratch");

        assertThat(SparkScratch.claim(settings)).isEqualTo(settings);
    }

    private static Path claimedBy(Process process) throws IOException {
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        return Path.of(out.readLine());
    }

    /** Claims a folder, says which, and ends when its input does. */
    static final class Claim {
        public static void main(String[] arguments) throws IOException {
            System.out.println(SparkScratch.claim(Path.of(arguments[0])));
            System.in.read();
        }
    }
}
