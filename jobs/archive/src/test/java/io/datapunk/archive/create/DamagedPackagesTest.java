package io.datapunk.archive.create;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.archive.bag.Damage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is changed in an archive is found, and where. */
class DamagedPackagesTest {
    @TempDir
    private static Path folder;

    private static ArchiveFixture lake;
    private static List<Path> packages;

    @BeforeAll
    static void twoPackages() throws IOException {
        lake = new ArchiveFixture(folder);
        Path export = Files.createDirectories(folder.resolve("Takeout"));
        Random random = new Random(4);
        for (int entry = 0; entry < 20; entry++) {
            byte[] bytes = new byte[random.nextInt(15_000)];
            random.nextBytes(bytes);
            Files.write(export.resolve(entry + ".bin"), bytes);
        }
        packages = new ArrayList<>();
        packages.add(lake.archive().resolve(lake.create(export, "ann").path()));
        Files.write(export.resolve("later.txt"), "one entry more".getBytes(StandardCharsets.UTF_8));
        packages.add(lake.archive().resolve(lake.create(export, "ann").path()));
    }

    @Test
    void anUndamagedArchiveHasNoDamage() {
        assertThat(lake.verify(false).damages()).isEmpty();
        assertThat(lake.verify(true).damages()).isEmpty();
    }

    @Test
    void aHundredRandomDamagesAreEachFoundAndLocated() throws IOException {
        damage(new Random(), 100, false);
    }

    /** Also by a stranger without keys. {@code -Dlake.test.damages=10000} makes more. */
    @Test
    @Tag("full")
    void aThousandRandomDamagesAreEachFoundAndLocated() throws IOException {
        damage(new Random(), Integer.getInteger("lake.test.damages", 500), true);
    }

    private static void damage(Random seeds, int times, boolean filesOnly) throws IOException {
        Map<Path, SortedMap<String, byte[]>> undamaged = new HashMap<>();
        packages.forEach(bag -> undamaged.put(bag, ArchiveFixture.files(bag)));
        for (int i = 0; i < times; i++) {
            long seed = seeds.nextLong();
            Random random = new Random(seed);
            Path bag = packages.get(random.nextInt(packages.size()));
            SortedMap<String, byte[]> before = undamaged.get(bag);
            List<String> names = List.copyOf(before.keySet());
            String name = names.get(random.nextInt(names.size()));
            Path file = bag.resolve(name);
            List<String> changed = new ArrayList<>(List.of(name));
            byte[] bytes = before.get(name);
            switch (random.nextInt(5)) {
                case 0 -> {
                    byte[] flipped = bytes.clone();
                    flipped[random.nextInt(flipped.length)] ^= (byte) (1 + random.nextInt(255));
                    Files.write(file, flipped);
                }
                case 1 -> Files.write(file, Arrays.copyOf(bytes, random.nextInt(bytes.length)));
                case 2 -> Files.write(file, Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(1000)));
                case 3 -> Files.delete(file);
                default -> {
                    String other = names.get(random.nextInt(names.size()));
                    if (other.equals(name)) {
                        Files.write(file, new byte[0]);
                    } else {
                        Files.write(file, before.get(other));
                        Files.write(bag.resolve(other), bytes);
                        changed.add(other);
                    }
                }
            }
            try {
                assertThat(found(bag, changed, filesOnly))
                        .as("seed %d, %s", seed, changed)
                        .isTrue();
            } finally {
                for (String each : changed) {
                    Files.write(bag.resolve(each), before.get(each));
                }
            }
        }
    }

    /** Without its last file a package is none: it is missed by whoever knows that it was there. */
    private static boolean found(Path bag, List<String> changed, boolean filesOnly) {
        return lake.verify(filesOnly).damages().stream()
                .filter(damage -> bag.endsWith(damage.folder().path()))
                .map(Damage::file)
                .anyMatch(changed::contains);
    }
}
