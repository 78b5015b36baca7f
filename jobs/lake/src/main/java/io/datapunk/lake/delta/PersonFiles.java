package io.datapunk.lake.delta;

import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.LakeException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaColumnMapping;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;

/**
 * The files of tables in which a person has rows: not as a version of the table shows them, but every file that lies there,
 * those of older versions, of the change feed and of attempts that were killed among them, and rows that a deletion vector
 * hides.
 */
final class PersonFiles {
    private final SparkSession spark;
    private final LakeHome home;

    PersonFiles(SparkSession spark, LakeHome home) {
        this.spark = spark;
        this.home = home;
    }

    /**
     * What lies there of one person.
     *
     * @param rows by the files' URIs, above 0
     * @param unreadable files that are no Parquet, as a killed attempt leaves them, with what is wrong
     */
    record Found(Map<String, Long> rows, Map<String, String> unreadable) {
        static final Found NOTHING = new Found(Map.of(), Map.of());

        boolean isEmpty() {
            return rows.isEmpty();
        }
    }

    /** A file to be looked at, and what it calls the column in question. */
    private record Place(DatasetName dataset, String file, String column, Set<String> values) implements Serializable {}

    /** @param problem of a file that cannot be read; null where all is well */
    private record Looked(DatasetName dataset, String file, long rows, String problem) implements Serializable {}

    /** Looks into all files of the datasets; those without a column that tells persons apart have nobody's rows. */
    Map<DatasetName, Found> find(List<DatasetName> datasets, Person person) {
        List<Place> places = new ArrayList<>();
        Configuration store = spark.sessionState().newHadoopConf();
        for (DatasetName dataset : datasets) {
            person.identity(schema(dataset)).forEach(identity -> {
                // Under column mapping files call it otherwise than the table.
                String column = DeltaColumnMapping.getPhysicalName(identity.getKey());
                for (String file : files(dataset, store)) {
                    places.add(new Place(dataset, file, column, identity.getValue()));
                }
            });
        }
        Map<DatasetName, Found> found = new TreeMap<>();
        for (Looked looked : look(places, store)) {
            Found of = found.computeIfAbsent(looked.dataset(), any -> new Found(new TreeMap<>(), new TreeMap<>()));
            if (looked.problem() != null) {
                of.unreadable().put(looked.file(), looked.problem());
            } else if (looked.rows() > 0) {
                of.rows().put(looked.file(), looked.rows());
            }
        }
        return found;
    }

    private StructType schema(DatasetName dataset) {
        return DeltaLog.forTable(spark, home.tablePath(dataset))
                .update(false, scala.Option.empty(), scala.Option.empty())
                .schema();
    }

    private List<String> files(DatasetName dataset, Configuration store) {
        Path root = new Path(home.tablePath(dataset));
        List<String> files = new ArrayList<>();
        try {
            FileSystem system = root.getFileSystem(store);
            RemoteIterator<LocatedFileStatus> all = system.listFiles(root, true);
            while (all.hasNext()) {
                Path file = all.next().getPath();
                if (file.getName().endsWith(".parquet") && !file.toString().contains("/_delta_log/")) {
                    files.add(file.toString());
                }
            }
        } catch (IOException e) {
            throw LakeException.failed(
                    "the files of " + dataset + " cannot be listed",
                    e.getClass().getSimpleName() + ": " + e.getMessage(),
                    "check that the store is reachable and run the command again",
                    e);
        }
        return files;
    }

    private List<Looked> look(List<Place> places, Configuration store) {
        if (places.isEmpty()) {
            return List.of();
        }
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        Broadcast<SerializableConfiguration> configuration =
                SerializableConfiguration.broadcast(spark.sparkContext(), store);
        int tasks = Math.min(places.size(), 4 * context.defaultParallelism());
        return context.parallelize(places, tasks)
                .map(place -> look(place, configuration.value().value()))
                .collect();
    }

    private static Looked look(Place place, Configuration store) {
        try {
            return new Looked(
                    place.dataset(),
                    place.file(),
                    new PersonFile(new Path(place.file()), place.column(), place.values(), store).rows(),
                    null);
        } catch (FileNotFoundException removedMeanwhile) {
            return new Looked(place.dataset(), place.file(), 0, null);
        } catch (IOException | RuntimeException e) {
            return new Looked(place.dataset(), place.file(), 0, e.getClass().getSimpleName() + ": " + e.getMessage());
        }
    }
}
