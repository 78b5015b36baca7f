package io.datapunk.lake.delta;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;

import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.PersonFiles.Found;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.RowChecksum;
import io.datapunk.lake.model.table.ImportJobsTable;
import io.datapunk.lake.model.table.LakeTables;
import io.delta.tables.DeltaTable;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.Snapshot;
import scala.Option;

/**
 * What tables hold of a person, and its removal from them: from the newest version, and from every file that an older one
 * needs. Versions that needed such files cannot be read any more; that is what an erasure is.
 */
public final class PersonRows {
    /** No writer leaves the file that it writes alone for so long. */
    private static final Duration SURELY_ABANDONED = Duration.ofHours(1);

    /** Others may add rows of the person while his are removed. */
    private static final int ATTEMPTS = 3;

    private final SparkSession spark;
    private final LakeHome home;
    private final PersonFiles files;
    private final Configuration store;

    public PersonRows(SparkSession spark, LakeHome home) {
        // A session of its own: how a DELETE is made is a setting, and would be that of others' as well.
        this.spark = spark.newSession();
        this.home = home;
        this.files = new PersonFiles(this.spark, home);
        this.store = this.spark.sessionState().newHadoopConf();
    }

    /**
     * What a table holds of a person.
     *
     * @param rows in its newest version
     * @param files in which rows of his lie, of whatever version
     * @param unreadable files that nobody can read, as killed attempts leave them: what they hold nobody knows
     */
    public record Holding(DatasetName dataset, long rows, int files, int unreadable) {
        public boolean isNothing() {
            return files == 0 && unreadable == 0;
        }
    }

    /**
     * What was removed from a table.
     *
     * @param deltaVersion that has none of his rows
     * @param rows that the newest version lost
     * @param files that were removed, each with rows of his or unreadable
     * @param others checksum of everybody else's rows, the same before and after
     */
    public record Removed(DatasetName dataset, long deltaVersion, long rows, int files, RowChecksum others) {}

    /** By what the tables know a person; ask before {@code imports.jobs} has lost him. */
    public Person person(String userId) {
        DatasetName jobs = ImportJobsTable.DEFINITION.name();
        return InternalJobs.call(
                spark,
                () -> new Person(
                        userId,
                        DeltaTable.isDeltaTable(spark, home.tablePath(jobs))
                                ? Set.copyOf(table(jobs)
                                        .where(col(ImportJobsTable.USER_ID).equalTo(userId))
                                        .select(ImportJobsTable.IMPORT_ID)
                                        .as(Encoders.STRING())
                                        .collectAsList())
                                : Set.of()));
    }

    /** What the lake's tables hold of a person; without those that hold nothing. */
    public List<Holding> find(Person person) {
        return InternalJobs.call(spark, () -> {
            List<Holding> holdings = new ArrayList<>();
            files.find(new TableLog(home, store).tables(), person).forEach((dataset, found) -> {
                Holding holding = new Holding(
                        dataset,
                        found.isEmpty() ? 0 : rows(dataset, person),
                        found.rows().size(),
                        found.unreadable().size());
                if (!holding.isNothing()) {
                    holdings.add(holding);
                }
            });
            return holdings;
        });
    }

    private long rows(DatasetName dataset, Person person) {
        Dataset<Row> table = table(dataset);
        return table.where(his(table, person)).count();
    }

    private Dataset<Row> table(DatasetName dataset) {
        return spark.read().format("delta").load(home.tablePath(dataset));
    }

    /** Never null, so that its opposite holds for rows that are nobody's. */
    private static Column his(Dataset<Row> table, Person person) {
        return person.identity(table.schema())
                .map(identity -> coalesce(
                        col(identity.getKey().name()).isin(identity.getValue().toArray()), lit(false)))
                .findFirst()
                .orElse(lit(false));
    }

    /**
     * Removes a person from a table. Killed anywhere and run again, it does what is left.
     *
     * @param now before which files count as abandoned
     * @param before called before files go, with their paths
     * @throws LakeException where somebody keeps adding rows of his, or where other persons' rows would not be the same
     */
    public Removed remove(DatasetName dataset, Person person, Instant now, Consumer<List<String>> before) {
        return InternalJobs.call(spark, () -> {
            long rows = 0;
            RowChecksum others = RowChecksum.ZERO;
            for (int attempt = 1; ; attempt++) {
                Found found = files.find(List.of(dataset), person).getOrDefault(dataset, Found.NOTHING);
                Snapshot snapshot = snapshot(dataset);
                Set<String> live = live(snapshot);
                requireReadable(dataset, found, live);
                if (found.rows().keySet().stream().anyMatch(live::contains)) {
                    if (attempt > ATTEMPTS) {
                        throw LakeException.failed(
                                "the person " + person.userId() + " is still in " + dataset,
                                "rows of his were added each time that they were removed",
                                "stop what writes them, and run the command again");
                    }
                    rows += rows(dataset, person);
                    others = rewrite(dataset, person);
                    continue;
                }
                List<String> doomed = doomed(found, now);
                if (!doomed.isEmpty()) {
                    before.accept(doomed);
                    // First: a run that is killed between finds the person by these files again.
                    if (!LakeTables.isOwn(dataset)) {
                        new LogHistory(spark, home).forget(dataset);
                    }
                    delete(dataset, doomed);
                }
                return new Removed(dataset, snapshot(dataset).version(), rows, doomed.size(), others);
            }
        });
    }

    private Snapshot snapshot(DatasetName dataset) {
        return DeltaLog.forTable(spark, home.tablePath(dataset)).update(false, Option.empty(), Option.empty());
    }

    private Set<String> live(Snapshot snapshot) {
        Path root = snapshot.deltaLog().dataPath();
        return snapshot.allFiles().collectAsList().stream()
                .map(file -> new Path(root, new Path(null, null, TableLog.decoded(file.path()))).toString())
                .collect(Collectors.toSet());
    }

    private static void requireReadable(DatasetName dataset, Found found, Set<String> live) {
        found.unreadable().forEach((file, problem) -> {
            if (live.contains(file)) {
                throw LakeException.failed(
                        "what " + dataset + " holds of the person cannot be found",
                        file + " cannot be read: " + problem,
                        "run `lake doctor --deep`, mend the table, and run the command again");
            }
        });
    }

    /**
     * Makes a version without his rows. Everybody else's are compared across each commit that this takes; until then nothing
     * goes that could bring them back.
     */
    private RowChecksum rewrite(DatasetName dataset, Person person) {
        String mark = "erasure " + UUID.randomUUID();
        DeltaTable table = DeltaTable.forPath(spark, home.tablePath(dataset));
        RowDeletion.run(spark, table, his(table.toDF(), person), mark);
        if (snapshot(dataset).allFiles().collectAsList().stream().anyMatch(LiveFiles::isMasked)) {
            // Rows that a vector hides lie in their file still.
            spark.sql("REORG TABLE delta.`" + home.tablePath(dataset).replace("`", "``") + "` APPLY (PURGE)");
        }
        RowChecksum others = RowChecksum.ZERO;
        for (long version : RowDeletion.versions(table, mark)) {
            RowChecksum before = others(dataset, person, version - 1);
            others = others(dataset, person, version);
            if (!others.equals(before)) {
                throw LakeException.gate(
                        "rows of others changed when " + person.userId() + " was removed from " + dataset,
                        "version " + (version - 1) + " has " + before + " of them and version " + version + " "
                                + others,
                        "RESTORE the table to version " + (version - 1) + "; nothing that it needs was removed");
            }
        }
        return others;
    }

    private RowChecksum others(DatasetName dataset, Person person, long version) {
        Dataset<Row> table =
                spark.read().format("delta").option("versionAsOf", version).load(home.tablePath(dataset));
        return DeltaChecksum.of(table.where(not(his(table, person))));
    }

    private List<String> doomed(Found found, Instant now) {
        List<String> doomed = new ArrayList<>(found.rows().keySet());
        for (String file : found.unreadable().keySet()) {
            try {
                Path path = new Path(file);
                long changed = path.getFileSystem(store).getFileStatus(path).getModificationTime();
                if (changed < now.minus(SURELY_ABANDONED).toEpochMilli()) {
                    doomed.add(file);
                }
            } catch (IOException goneMeanwhile) {
                // Nothing is left to remove.
            }
        }
        return doomed;
    }

    private void delete(DatasetName dataset, List<String> doomed) {
        try {
            for (String file : doomed) {
                Path path = new Path(file);
                FileSystem system = path.getFileSystem(store);
                if (!system.delete(path, false) && system.exists(path)) {
                    throw new IOException(path + " stays");
                }
            }
        } catch (IOException e) {
            throw LakeException.failed(
                    "files of " + dataset + " with rows of the person cannot be removed",
                    e.getClass().getSimpleName() + ": " + e.getMessage(),
                    "make them removable and run the command again",
                    e);
        }
    }
}
