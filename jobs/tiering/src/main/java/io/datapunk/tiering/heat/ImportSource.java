package io.datapunk.tiering.heat;

import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.model.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Files of accesses that were recorded elsewhere; see {@link ImportFiles} for their columns. A file is known by the hash
 * of its content, so the same one again, or under another name, adds nothing. They count in {@code lake.access_hours};
 * {@code lake.access_log} does not repeat them.
 */
public final class ImportSource implements AccessSource {
    private static final Set<String> ENDINGS = Set.of(".csv", ".csv.gz", ".parquet");

    /** A trace with more wrong names than this is not one. */
    private static final int MOST_WRONG_NAMES = 1_000;

    private final List<Path> paths;

    /** @param paths files, or folders of them as Spark writes them */
    public ImportSource(List<Path> paths) {
        this.paths = List.copyOf(paths);
    }

    @Override
    public String name() {
        return "import";
    }

    @Override
    public void collect(Intake intake) throws IOException {
        Set<String> taken = new TreeSet<>(intake.taken(name()).keySet());
        try (Progress.Stage stage = intake.progress().begin("importing accesses", paths.size(), "files")) {
            for (Path path : paths) {
                Map<Boolean, Map<Path, String>> byKind = new TreeMap<>();
                for (Path file : files(path)) {
                    String hash = hash(file);
                    if (taken.add(hash)) {
                        byKind.computeIfAbsent(ImportFiles.isParquet(file), kind -> new LinkedHashMap<>())
                                .put(file, hash);
                    }
                }
                for (Map<Path, String> files : byKind.values()) {
                    take(intake, path, files);
                }
                stage.advance(1);
            }
        }
    }

    /** Files of one folder and kind are one batch: Spark reads them together. */
    private void take(Intake intake, Path path, Map<Path, String> hashes) throws IOException {
        AccessBatch batch = intake.draft();
        ImportFiles.Counted counted =
                new ImportFiles(intake.spark(), List.copyOf(hashes.keySet()), intake.now()).stage(batch.countsFolder());
        requireNames(intake, batch, path);
        List<AccessInput> inputs = new ArrayList<>();
        for (var file : hashes.entrySet()) {
            inputs.add(new AccessInput(
                    name(),
                    file.getValue(),
                    file.getKey().getFileName().toString(),
                    Files.size(file.getKey()),
                    counted.accesses()));
        }
        batch.writeInputs(inputs);
        intake.fault().reached("heat.staged");
        intake.commit(batch.seal());
        intake.counts().addImported(path, counted);
    }

    /** Names are checked once each, not once for each of their rows. */
    private static void requireNames(Intake intake, AccessBatch batch, Path path) {
        List<String> wrong = StagedCounts.wrongNames(intake.spark(), batch.countsFolder(), MOST_WRONG_NAMES);
        if (!wrong.isEmpty()) {
            throw LakeException.usage(
                    "the accesses in " + path + " cannot be imported",
                    (wrong.size() < MOST_WRONG_NAMES ? Integer.toString(wrong.size()) : wrong.size() + " and more")
                            + " of the names in it name no partition, as '" + wrong.get(0) + "'",
                    "give dataset as user_data.activity and partition as month=2026-01, empty for a table without"
                            + " partitions; nothing of it was taken in");
        }
    }

    /** Whether a text names a partition. */
    static boolean isName(String text) {
        try {
            return !PartitionName.parse(text).toString().isEmpty();
        } catch (LakeException e) {
            return false;
        }
    }

    private static List<Path> files(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            try (Stream<Path> entries = Files.list(path)) {
                return entries.filter(ImportSource::isData).sorted().toList();
            }
        }
        if (Files.isRegularFile(path) && isData(path)) {
            return List.of(path);
        }
        throw LakeException.usage(
                path + " cannot be imported",
                Files.exists(path) ? "its name does not end in .csv, .csv.gz or .parquet" : "it does not exist",
                "name a file of accesses with the columns time, dataset, partition and, where it has them, accesses");
    }

    private static boolean isData(Path file) {
        String name = file.getFileName().toString();
        return !name.startsWith("_")
                && !name.startsWith(".")
                && ENDINGS.stream().anyMatch(name::endsWith);
    }

    private static String hash(Path file) throws IOException {
        MessageDigest sha256 = Sha256.digest();
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), sha256)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return "sha256:" + HexFormat.of().formatHex(sha256.digest());
    }
}
