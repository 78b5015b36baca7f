package io.datapunk.maintenance.advice;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.TableLog;
import io.datapunk.lake.delta.TableSnapshot;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.model.table.AccessLogTable;
import io.datapunk.lake.model.table.LakeTables;
import io.datapunk.lake.model.table.TableDefinition;
import io.datapunk.lake.spark.LakeSession;
import io.datapunk.maintenance.advice.Advice.Effect;
import io.datapunk.maintenance.advice.Advice.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;

/** What would make queries of Delta tables read less, by the filters that the access log has of them. */
final class TableAdvice {
    /** So many times fewer rows has a search to read, for other searches read more then. */
    private static final double WORTH = 4;

    private final LakeConfig config;
    private final LakeHome home;
    private final TableLog log;
    private final Supplier<SparkSession> spark;
    private final PartitionColumns partitionColumns = new PartitionColumns();

    TableAdvice(LakeConfig config, LakeHome home, Supplier<SparkSession> spark) {
        this.config = config;
        this.home = home;
        this.log = TableLog.of(config, home);
        this.spark = spark;
    }

    Advised of(Instant now, Progress progress) {
        // An older release has not noted by what queries filter; the next `lake heat` adds the column.
        if (log.snapshot(AccessLogTable.DEFINITION.name())
                .filter(accesses -> accesses.shape().columns().stream()
                        .anyMatch(column -> column.name().equals(AccessLogTable.FILTERS)))
                .isEmpty()) {
            return new Advised(
                    List.of(), List.of("no access has been recorded yet: `lake heat` fills lake.access_log"));
        }
        SparkSession session = spark.get();
        return LakeSession.internal(session, () -> of(session, now, progress));
    }

    private Advised of(SparkSession session, Instant now, Progress progress) {
        Map<DatasetName, List<FilterUse>> uses = FilterUse.read(session, home, now).stream()
                .collect(Collectors.groupingBy(FilterUse::dataset, LinkedHashMap::new, Collectors.toList()));
        List<Advice> advice = new ArrayList<>();
        try (Progress.Stage stage = progress.begin("trying", uses.size(), "tables")) {
            uses.forEach((dataset, ofDataset) -> {
                Optional<TableDefinition> table = LakeTables.find(dataset);
                Optional<TableSnapshot> snapshot = log.snapshot(dataset);
                if (table.isPresent() && snapshot.isPresent()) {
                    FilteredTable filtered = new FilteredTable(
                            table.get(),
                            snapshot.get(),
                            config.tiering(dataset).warm().sortedBy(),
                            ofDataset);
                    clustering(session, dataset, filtered).ifPresent(advice::add);
                    unpruned(table.get(), snapshot.get(), filtered).ifPresent(advice::add);
                }
                stage.advance(1);
            });
        }
        return new Advised(advice, List.of());
    }

    private Optional<Advice> clustering(SparkSession session, DatasetName dataset, FilteredTable filtered) {
        return filtered.clustering().flatMap(candidate -> new ClusteringTrial(session, home)
                .run(candidate.partition(), candidate.column())
                .filter(trial -> trial.readBefore() >= WORTH * trial.readAfter())
                .map(trial -> clustering(dataset, candidate, trial)));
    }

    private Advice clustering(DatasetName dataset, FilteredTable.Clustering candidate, ClusteringTrial.Result trial) {
        return new Advice(
                Kind.CLUSTERING,
                dataset.toString(),
                String.format(
                        Locale.ROOT,
                        "%,d queries of the last %d days filter by %s, %,d by what its files are sorted by",
                        candidate.queries(),
                        FilterUse.WINDOW.toDays(),
                        candidate.column(),
                        candidate.others()),
                new Effect(
                        "rows_read",
                        trial.readBefore(),
                        trial.readAfter(),
                        String.format(
                                Locale.ROOT,
                                "a search for one value among the %,d rows of %s",
                                trial.rows(),
                                candidate.partition().partition())),
                "lake.datasets.\"" + dataset + "\".tiering.warm.sorted-by = [\"" + candidate.column()
                        + "\"], then `lake maintain run optimize`");
    }

    private Optional<Advice> unpruned(TableDefinition table, TableSnapshot snapshot, FilteredTable filtered) {
        return partitionColumns
                .timeOf(table)
                .flatMap(filtered::unpruned)
                .map(found -> new Advice(
                        Kind.UNPRUNED_PARTITIONS,
                        table.name().toString(),
                        String.format(
                                Locale.ROOT,
                                "%,d queries of the last %d days filter by %s in a way that leaves out hardly any of its %,d partitions",
                                found.queries(),
                                FilterUse.WINDOW.toDays(),
                                found.column(),
                                snapshot.partitions().size()),
                        new Effect(
                                "bytes",
                                found.bytes(),
                                found.largestBytes(),
                                "the files of all partitions, and of the largest one"),
                        "compare " + found.column() + " itself, not a function of it, or add to the query: AND "
                                + table.partition().column() + " BETWEEN '<first>' AND '<last>'"));
    }
}
