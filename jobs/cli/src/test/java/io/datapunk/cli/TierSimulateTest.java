package io.datapunk.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TierSimulateTest {
    @TempDir
    private Path folder;

    @Test
    void replaysATraceWithColumnsOfOtherNamesAndDrawsIt() throws IOException {
        Path trace = folder.resolve("reads.csv");
        Files.writeString(trace, """
                at,name,n
                2026-01-01 00:10:00,a,3
                2026-01-01T02:00:00Z,a,4
                1767232800,a,1
                2026-01-01 01:00:00,b,2
                """);
        Path svg = folder.resolve("cost.svg");
        Path png = folder.resolve("cost.png");

        RunCli ran =
                simulate(trace, "--columns", "time=at,partition=name,accesses=n", "--chart", svg.toString(), "--json");
        RunCli drawn = simulate(trace, "--columns", "time=at,partition=name,accesses=n", "--chart", png.toString());

        assertThat(ran.exitCode()).as(ran.stderr()).isZero();
        JsonNode result = new ObjectMapper().readTree(ran.stdout()).get("result");
        assertThat(result.get("from").asText()).isEqualTo("2026-01-01T00:00:00Z");
        assertThat(result.get("hours").asInt()).isEqualTo(3);
        assertThat(result.get("partitions").asInt()).isEqualTo(2);
        assertThat(result.get("accesses").asInt()).isEqualTo(10);
        JsonNode warm = result.get("scores").get(7);
        assertThat(warm.get("policy").asText()).isEqualTo("all-warm");
        assertThat(warm.get("dollars").asDouble()).isCloseTo(6 * 0.023 / 730 + 10 * 0.0008, within(1e-12));
        // Its texts are drawn as shapes.
        assertThat(Files.readString(svg)).contains("<svg", "width=\"1000\"", "<path", "</svg");
        assertThat(drawn.stdout()).contains("2 partitions, 10 accesses in 3 h from 2026-01-01T00:00:00Z");
        BufferedImage image = ImageIO.read(png.toFile());
        assertThat(image.getWidth()).isEqualTo(1000);
        assertThat(coloursOf(image)).as("points of two series on a grid").hasSizeGreaterThan(4);
    }

    @Test
    void whatIsNoTraceIsRefusedWithTheValue() throws IOException {
        Path wrong = folder.resolve("wrong.csv");
        Files.writeString(wrong, "time,partition,accesses\n2026-01-01 00:10:00,a,many\n");
        RunCli ran = simulate(wrong);
        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.stderr()).contains("has a row that is no access").contains(",a,null,");

        Files.writeString(wrong, "when,partition\n2026-01-01 00:10:00,a\n");
        assertThat(simulate(wrong).stderr()).contains("has no column time").contains("its columns are when, partition");
        assertThat(simulate(folder.resolve("none.csv")).stderr()).contains("the file does not exist");
    }

    @Test
    void mistakesInOptionsAreTold() throws IOException {
        Path trace = folder.resolve("reads.csv");
        Files.writeString(trace, "time,partition\n0,a\n36000,a\n");
        assertThat(simulate(trace, "--policy", "lucky").stderr()).contains("there is no policy 'lucky'");
        assertThat(simulate(trace, "--hold-out", "28d").stderr()).contains("it is 11 h long");
        assertThat(simulate(trace, "--hold-out", "soon").stderr()).contains("write it as 28d or 12h");
        assertThat(simulate(trace, "--hot-space", "120%").stderr()).contains("a share goes from 0% to 100%");
        assertThat(simulate(trace, "--chart", "cost.pdf").stderr()).contains("end it in .svg or .png");
    }

    private static RunCli simulate(Path trace, String... options) {
        String[] command = new String[options.length + 4];
        System.arraycopy(new String[] {"tier", "simulate", "--trace", trace.toString()}, 0, command, 0, 4);
        System.arraycopy(options, 0, command, 4, options.length);
        return RunCli.run(Map.of(), command);
    }

    private static Set<Integer> coloursOf(BufferedImage image) {
        Set<Integer> colours = new HashSet<>();
        for (int x = 0; x < image.getWidth(); x++) {
            for (int y = 0; y < image.getHeight(); y++) {
                colours.add(image.getRGB(x, y));
            }
        }
        return colours;
    }
}
