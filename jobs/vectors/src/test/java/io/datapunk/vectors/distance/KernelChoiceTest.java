package io.datapunk.vectors.distance;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.lake.config.VectorMetric;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class KernelChoiceTest {
    @Test
    void vectorInstructionsAreUsedWhereJavaHasTheModule() throws Exception {
        assertThat(run("--add-modules", "jdk.incubator.vector")).contains("accelerated: true, [0] with [1.0]");
    }

    @Test
    void plainKernelsAreUsedWhereItDoesNot() throws Exception {
        assertThat(run()).contains("accelerated: false, [0] with [1.0]");
    }

    /** What another Java prints that runs {@link #main}. */
    private static String run(String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), KernelChoiceTest.class.getName()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    public static void main(String[] arguments) {
        Matrix rows = new Matrix(VectorMetric.COSINE, 2);
        rows.add(new float[] {0, 4});
        Matrix queries = new Matrix(VectorMetric.COSINE, 2);
        queries.add(new float[] {0, 3});
        System.out.println("accelerated: " + Kernel.accelerated() + ", " + ExactSearch.nearest(rows, queries, 1)[0]);
    }
}
