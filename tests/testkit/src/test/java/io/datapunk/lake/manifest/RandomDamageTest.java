package io.datapunk.lake.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Random damage anywhere in a lake's tables and manifests: each is found where it is, and nothing is where none is. */
class RandomDamageTest {
    @TempDir
    private static Path folder;

    private static SmallLake lake;
    private static SortedMap<Path, byte[]> whole;

    @BeforeAll
    static void aLake() throws IOException {
        lake = SmallLake.copy(folder, Map.of());
        whole = lake.keep("tables", "manifest");
        assertThat(lake.findings()).isEmpty();
    }

    @Test
    void aHundredDamages() throws IOException {
        damage(100, 20261126);
    }

    /** {@code -Dlake.test.damages=10000} makes more, {@code -Dlake.test.seed=…} others. */
    @Test
    @Tag("full")
    void asManyOthersAsThereIsTimeFor() throws IOException {
        damage(Integer.getInteger("lake.test.damages", 100), Long.getLong("lake.test.seed", 20261127));
    }

    private static void damage(int times, long seed) throws IOException {
        Random random = new Random(seed);
        List<Path> files = List.copyOf(whole.keySet());
        for (int i = 0; i < times; i++) {
            List<Path> damaged = damage(random, files);
            String what = "seed " + seed + ", damage " + i + " of " + damaged;
            List<String> places = lake.findings().stream().map(Finding::place).toList();
            for (Path file : damaged) {
                assertThat(places).as(what).anyMatch(place -> tells(place, lake.place(file)));
            }
            for (Path file : damaged) {
                Files.write(file, whole.get(file));
            }
        }
        assertThat(lake.findings()).as("seed " + seed).isEmpty();
    }

    /** Of a manifest's last file that is gone the folder is named. */
    private static boolean tells(String place, String file) {
        return place.equals(file)
                || place.startsWith(file + ":")
                || file.startsWith("manifest/") && file.startsWith(place.replaceFirst("[^/]*$", ""));
    }

    private static List<Path> damage(Random random, List<Path> files) throws IOException {
        Path file = files.get(random.nextInt(files.size()));
        byte[] bytes = whole.get(file);
        switch (random.nextInt(5)) {
            case 0 -> Files.write(file, Arrays.copyOf(bytes, random.nextInt(bytes.length)));
            case 1 -> {
                if (isDispensable(file)) {
                    return damage(random, files);
                }
                Files.delete(file);
            }
            case 2 -> {
                Path other = files.get(random.nextInt(files.size()));
                if (Arrays.equals(bytes, whole.get(other))) {
                    return damage(random, files);
                }
                Files.write(file, whole.get(other));
                Files.write(other, bytes);
                return List.of(file, other);
            }
            case 3 -> {
                return rollBack(random);
            }
            default -> {
                byte[] changed = bytes.clone();
                changed[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                Files.write(file, changed);
            }
        }
        return List.of(file);
    }

    private static List<Path> rollBack(Random random) throws IOException {
        List<Path> commits = new ArrayList<>();
        for (Path file : whole.keySet()) {
            if (file.toString().contains("notes/_delta_log/") && file.toString().endsWith(".json")) {
                commits.add(file);
            }
        }
        List<Path> newest = commits.subList(commits.size() - 1 - random.nextInt(commits.size()), commits.size());
        for (Path commit : newest) {
            Files.delete(commit);
        }
        return newest;
    }

    /** Delta writes these anew from the commits, and cleans them up: that one is gone is no damage. */
    private static boolean isDispensable(Path file) {
        String name = file.getFileName().toString();
        return name.contains(".checkpoint.") || name.equals("_last_checkpoint") || name.endsWith(".crc");
    }
}
