package io.datapunk.vectors.embed;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.testkit.SparkJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes that begin at once on a machine where no model was ever opened do not get into each other's way. */
@Tag("full")
class TwoProcessesTest {
    private static final int PROCESSES = 3;

    @TempDir
    private Path folder;

    @Test
    void eachUnpacksTheTokenizerOrFindsItUnpacked() throws IOException, InterruptedException {
        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < PROCESSES; i++) {
            ProcessBuilder builder = new ProcessBuilder(SparkJvm.command(OneText.class))
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("output" + i).toFile());
            builder.environment().put("DJL_CACHE_DIR", folder.resolve("cache").toString());
            processes.add(builder.start());
        }
        for (int i = 0; i < PROCESSES; i++) {
            assertThat(processes.get(i).waitFor())
                    .as(Files.readString(folder.resolve("output" + i)))
                    .isZero();
            assertThat(Files.readString(folder.resolve("output" + i))).contains("384 numbers");
        }
        try (Stream<Path> unpacked = Files.list(folder.resolve("cache/tokenizers"))) {
            assertThat(unpacked).hasSize(1);
        }
    }

    /** What each process does. */
    static final class OneText {
        private OneText() {}

        public static void main(String[] arguments) {
            OnnxModel model =
                    OnnxModel.of(LakeConfig.load(null, Map.of(), Map.of()).vectors());
            try (TextEncoder encoder = model.open(1)) {
                System.out.println(encoder.encode(List.of("a text"))[0].length + " numbers");
            }
        }
    }
}
