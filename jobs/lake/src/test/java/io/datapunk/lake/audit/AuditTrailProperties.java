package io.datapunk.lake.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.lake.storage.FolderTree;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Whatever is done to the log, its head, its tree, its signed head or its verifier is found, and where it was done. */
class AuditTrailProperties {
    private static final int SMALL = 12;
    private static final int LARGE = 300;

    private static Path folder;
    private static Victim small;
    private static Victim large;

    @BeforeContainer
    static void makeLakes() throws IOException {
        folder = Files.createTempDirectory("audit-trail");
        small = new Victim(folder.resolve("small"), SMALL);
        large = new Victim(folder.resolve("large"), LARGE);
    }

    @AfterContainer
    static void removeLakes() throws IOException {
        FolderTree.delete(folder);
    }

    @Property(tries = 1000, shrinking = ShrinkingMode.OFF)
    void everyFalsificationIsFoundAndLocated(@ForAll long seed) throws IOException {
        falsify(seed);
    }

    @Property(tries = 10_000, shrinking = ShrinkingMode.OFF)
    @Tag("full")
    void everyOneOfTenThousandIsFoundAndLocated(@ForAll long seed) throws IOException {
        falsify(seed);
    }

    private static void falsify(long seed) throws IOException {
        Random random = new Random(seed);
        Victim victim = random.nextInt(20) == 0 ? large : small;
        switch (random.nextInt(40)) {
            case 0 -> victim.rollBack(random);
            case 1, 2, 3 -> victim.dropEntry(random);
            case 4, 5, 6 -> victim.swapEntries(random);
            case 7, 8, 9, 10, 11, 12 -> victim.truncate(random);
            default -> victim.changeByte(random);
        }
    }

    /** A lake, what its audit folder holds, and what it held at each earlier signed head. */
    private static final class Victim {
        private final TestTrail lake;
        private final AuditTrail here;
        private final AuditTrail withOutside;
        private final Map<Integer, Map<String, byte[]>> states = new TreeMap<>();
        private final int entries;

        private Victim(Path home, int entries) throws IOException {
            this.entries = entries;
            lake = new TestTrail(home);
            here = lake.trail();
            withOutside = lake.anchoredAt(Files.createDirectories(home.resolveSibling(home.getFileName() + "-tape")))
                    .trail();
            for (int i = 0; i < SMALL; i++) {
                lake.append(entries / SMALL);
                withOutside.anchor();
                states.put((i + 1) * (entries / SMALL), files());
            }
            assertThat(withOutside.verify().damages()).isEmpty();
        }

        private void changeByte(Random random) throws IOException {
            String name = name(random);
            byte[] bytes = now().get(name).clone();
            int at = random.nextInt(bytes.length);
            bytes[at] ^= (byte) (1 + random.nextInt(255));
            expectFound(name, bytes, at);
        }

        private void truncate(Random random) throws IOException {
            String name = name(random);
            byte[] bytes = now().get(name);
            int at = random.nextInt(bytes.length);
            expectFound(name, Arrays.copyOf(bytes, at), at);
        }

        private void dropEntry(Random random) throws IOException {
            List<byte[]> lines = lines();
            int entry = random.nextInt(lines.size());
            lines.remove(entry);
            expectLine(join(lines), entry + 1);
        }

        private void swapEntries(Random random) throws IOException {
            List<byte[]> lines = lines();
            int one = random.nextInt(lines.size());
            int other = (one + 1 + random.nextInt(lines.size() - 1)) % lines.size();
            Collections.swap(lines, one, other);
            expectLine(join(lines), Math.min(one, other) + 1);
        }

        /** All that the lake has is as it once was: only what lies outside can tell. */
        private void rollBack(Random random) throws IOException {
            int to = (1 + random.nextInt(SMALL - 1)) * (entries / SMALL);
            Map<String, byte[]> before = states.get(to);
            restore(before);
            try {
                assertThat(here.verify().damages()).isEmpty();
                assertThat(withOutside.verify().damages()).singleElement().satisfies(damage -> {
                    assertThat(damage.line()).isEqualTo(to + 1L);
                    assertThat(damage.offset()).isEqualTo(before.get("log.ndjson").length);
                });
            } finally {
                restore(now());
            }
        }

        private void expectFound(String name, byte[] bytes, int at) throws IOException {
            if (name.equals("log.ndjson")) {
                long line = 1;
                for (int i = 0; i < at; i++) {
                    line += now().get(name)[i] == '\n' ? 1 : 0;
                }
                expectLine(bytes, line);
                return;
            }
            assertThat(damages(name, bytes))
                    .as("%s at %s", name, at)
                    .isNotEmpty()
                    // A head that does not fit its log may be either's fault.
                    .allMatch(damage -> damage.file().equals(name)
                            || name.equals("head") && damage.file().equals("log.ndjson"));
        }

        private void expectLine(byte[] log, long line) throws IOException {
            assertThat(damages("log.ndjson", log)).first().satisfies(damage -> {
                assertThat(damage.file()).isEqualTo("log.ndjson");
                assertThat(damage.line()).isEqualTo(line);
            });
        }

        private List<AuditDamage> damages(String name, byte[] bytes) throws IOException {
            Files.write(lake.file(name), bytes);
            try {
                return here.verify().damages();
            } finally {
                Files.write(lake.file(name), now().get(name));
            }
        }

        private String name(Random random) {
            List<String> names = List.copyOf(now().keySet());
            return random.nextBoolean() ? "log.ndjson" : names.get(random.nextInt(names.size()));
        }

        private Map<String, byte[]> now() {
            return states.get(entries);
        }

        private List<byte[]> lines() {
            byte[] log = now().get("log.ndjson");
            List<byte[]> lines = new ArrayList<>();
            int from = 0;
            for (int i = 0; i < log.length; i++) {
                if (log[i] == '\n') {
                    lines.add(Arrays.copyOfRange(log, from, i + 1));
                    from = i + 1;
                }
            }
            return lines;
        }

        private static byte[] join(List<byte[]> lines) {
            ByteArrayOutputStream joined = new ByteArrayOutputStream();
            lines.forEach(joined::writeBytes);
            return joined.toByteArray();
        }

        private Map<String, byte[]> files() throws IOException {
            Map<String, byte[]> files = new TreeMap<>();
            Path audit = lake.home().resolve("audit");
            try (Stream<Path> all = Files.walk(audit)) {
                for (Path file : all.filter(Files::isRegularFile)
                        .filter(file -> !file.toString().endsWith("lock"))
                        .toList()) {
                    files.put(audit.relativize(file).toString(), Files.readAllBytes(file));
                }
            }
            return files;
        }

        private void restore(Map<String, byte[]> files) throws IOException {
            for (String name : now().keySet()) {
                Files.deleteIfExists(lake.file(name));
            }
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                Files.createDirectories(lake.file(file.getKey()).getParent());
                Files.write(lake.file(file.getKey()), file.getValue());
            }
        }
    }
}
