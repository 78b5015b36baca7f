package io.datapunk.lake.manifest;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.storage.FolderTree;
import io.datapunk.testkit.SharedSpark;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;

/**
 * A lake of two tables with manifests: one with six versions, two checkpoints and a deletion vector, and one that has
 * none of these.
 */
final class SmallLake {
    static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");
    static final DatasetName NOTES = DatasetName.parse("user_data.notes");
    static final DatasetName PLACES = DatasetName.parse("geo.places");

    final Path folder;
    final LakeConfig config;
    final LakeHome home;
    final SparkSession spark;

    SmallLake(Path folder, Map<String, String> settings) {
        this.folder = folder;
        Map<String, String> all = new TreeMap<>(settings);
        all.put("lake.home", folder.toString());
        this.config = LakeConfig.load(null, Map.of(), all);
        this.home = LakeHome.open(config);
        this.spark = SharedSpark.session(folder);
    }

    /** A lake of its own for a test: a copy of the one that was made for all. */
    static SmallLake copy(Path folder, Map<String, String> settings) throws IOException {
        try (Stream<Path> files = Files.walk(Holder.FOLDER)) {
            for (Path file : files.toList()) {
                Path target = folder.resolve(Holder.FOLDER.relativize(file));
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
        return new SmallLake(folder, settings);
    }

    private static final class Holder {
        private static final Path FOLDER = temporary();

        static {
            SmallLake lake = new SmallLake(FOLDER, Map.of());
            lake.create(NOTES, 100, "'delta.checkpointInterval' = '2', 'delta.enableDeletionVectors' = 'true'");
            for (int month = 2; month <= 4; month++) {
                // As each command does it when it ends
                lake.catchUp();
                lake.append(NOTES, "2026-0" + month, 100);
            }
            lake.append(NOTES, "2026-01", 300);
            lake.sql("DELETE FROM " + lake.table(NOTES) + " WHERE id = 7 AND month = '2026-04'");
            lake.create(PLACES, 10, "'delta.enableDeletionVectors' = 'false'");
            lake.append(PLACES, "2026-01", 10);
            lake.catchUp();
        }

        private static Path temporary() {
            try {
                Path folder = Files.createTempDirectory("small-lake-");
                Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder), "delete " + folder));
                return folder;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static void delete(Path folder) {
            try {
                FolderTree.delete(folder);
            } catch (IOException leftForTheSystem) {
                // A temporary folder: the system's own cleaning takes it.
            }
        }
    }

    /** With rows of January. */
    private void create(DatasetName dataset, int rows, String properties) {
        sql("CREATE TABLE " + table(dataset) + " USING delta PARTITIONED BY (month) TBLPROPERTIES (" + properties
                + ") AS " + rows("2026-01", rows));
    }

    private void append(DatasetName dataset, String month, int rows) {
        sql("INSERT INTO " + table(dataset) + " " + rows(month, rows));
    }

    private static String rows(String month, int rows) {
        return "SELECT /*+ COALESCE(1) */ id, concat('note ', id) AS title, '" + month + "' AS month FROM range(" + rows
                + ")";
    }

    String table(DatasetName dataset) {
        return "delta.`" + home.tablePath(dataset) + "`";
    }

    void sql(String statement) {
        spark.sql(statement);
    }

    long count(DatasetName dataset) {
        return spark.sql("SELECT * FROM " + table(dataset)).count();
    }

    List<String> catchUp() {
        return Manifests.of(config, home).catchUp(NOW);
    }

    List<Finding> findings() {
        return new TablesInspection(config, home).run(NOW, Progress.NONE).findings();
    }

    Path log(DatasetName dataset, String name) {
        return table(dataset, "_delta_log/" + name);
    }

    Path table(DatasetName dataset, String path) {
        return folder.resolve("tables/" + dataset.schema() + "/" + dataset.name() + "/" + path);
    }

    /** The data files of a partition, sorted. */
    List<Path> data(DatasetName dataset, String month) {
        return files(table(dataset, "month=" + month));
    }

    /** All files below a folder that are not hidden, sorted. */
    static List<Path> files(Path below) {
        try (Stream<Path> files = Files.walk(below)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !file.getFileName().toString().startsWith("."))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A file's name as findings have it. */
    String place(Path file) {
        return folder.relativize(file).toString();
    }

    /** What lies below folders now, to put it back later. */
    SortedMap<Path, byte[]> keep(String... folders) throws IOException {
        SortedMap<Path, byte[]> kept = new TreeMap<>();
        for (String below : folders) {
            for (Path file : files(folder.resolve(below))) {
                kept.put(file, Files.readAllBytes(file));
            }
        }
        return kept;
    }

    List<String> dropNewestCommits(int newest) throws IOException {
        List<String> removed = new ArrayList<>();
        List<Path> commits = files(log(NOTES, "")).stream()
                .filter(file -> file.toString().endsWith(".json"))
                .toList();
        for (Path commit : commits.subList(commits.size() - newest, commits.size())) {
            Files.delete(commit);
            removed.add(place(commit));
        }
        return removed;
    }
}
