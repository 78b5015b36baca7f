package io.datapunk.vectors.build;

import io.datapunk.lake.config.CollectionConfig;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.index.IndexManifest;
import io.datapunk.lake.index.IndexShard;
import io.datapunk.lake.index.IndexStore;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.spark.LakeSession;
import io.datapunk.lake.storage.JobLease;
import io.datapunk.lake.storage.Leases;
import io.datapunk.lake.storage.Stores;
import io.datapunk.vectors.shard.CollectionTable;
import io.datapunk.vectors.shard.CollectionTable.Model;
import io.datapunk.vectors.shard.IndexPlace;
import io.datapunk.vectors.shard.VectorRows;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.roaringbitmap.RoaringBitmap;

/**
 * Brings a collection's index to the newest version of its table. Rows that no shard has become new shards, rows that the table
 * has no more are masked, and shards are merged where {@link BuildPlan} says so. What was built is compared with an exact search
 * on a sample, and published only where it finds enough. Killed at any moment, the index that was published before stays.
 */
public final class BuildJob {
    private final SparkSession spark;
    private final LakeConfig config;
    private final LakeHome home;
    private final Configuration stores;

    public BuildJob(SparkSession spark, LakeConfig config, LakeHome home) {
        this.spark = spark;
        this.config = config;
        this.home = home;
        this.stores = Stores.configuration(config);
    }

    /** @param full build all rows anew, whatever is there */
    public record Request(CollectionConfig collection, boolean full, Instant now) {}

    /**
     * What was built.
     *
     * @param version of the index; the one before where nothing had changed
     * @param changed false where the index was at the table's newest version
     * @param newRows rows that were in no shard
     * @param goneRows rows that were in a shard, and are in the table no more
     * @param builtRows rows of the shards that were built now
     * @param recall share of the true neighbours that searches find
     * @param damages files of the index before that were not what was written; their rows were built anew
     */
    public record Report(
            String collection,
            long version,
            boolean changed,
            long deltaVersion,
            long rows,
            long newRows,
            long goneRows,
            long builtRows,
            int shards,
            int probes,
            long bytes,
            double recall,
            List<String> damages) {}

    /** @throws LakeException (gate) where the index finds too few of the true neighbours; the one before stays */
    public Report run(Request request, Progress progress) {
        String collection = request.collection().name();
        try (JobLease lease = new Leases(home).acquire(Leases.vectorsOf(collection))) {
            return LakeSession.internal(spark, () -> new Build(request, progress).run());
        } catch (IOException e) {
            throw LakeException.failed(
                    "the index of collection " + collection + " was not built",
                    e.getClass().getSimpleName() + ": " + e.getMessage(),
                    "check that the lake's home is reachable and has room, and run the command again; the index that was"
                            + " published before stays",
                    e);
        }
    }

    /** One run. */
    private final class Build {
        private final Request request;
        private final CollectionConfig collection;
        private final Progress progress;
        private final IndexStore store;
        private final IndexPlace place;
        private final Optional<IndexManifest> before;
        private final List<String> damages = new ArrayList<>();
        private final long begun = System.nanoTime();

        Build(Request request, Progress progress) {
            this.request = request;
            this.collection = request.collection();
            this.progress = progress;
            this.store = IndexStore.of(home, stores, collection.name());
            this.place = IndexPlace.of(spark, home, stores, collection.name());
            this.before = store.current();
        }

        Report run() throws IOException {
            CollectionTable table = CollectionTable.newest(home, stores, collection.name());
            List<IndexShard> known = whole();
            boolean anew = request.full()
                    || !settings().equals(before.map(IndexManifest::settings).orElse(""));
            if (!anew && damages.isEmpty() && before.orElseThrow().deltaVersion() == table.version()) {
                return report(before.get(), false, 0, 0, 0);
            }
            Dataset<Row> rows = table.rows(spark);
            try (Comparison comparison = new Comparison(spark, place, collection.index(), rows, known)) {
                return build(table, known, anew, comparison);
            }
        }

        private Report build(CollectionTable table, List<IndexShard> known, boolean anew, Comparison comparison)
                throws IOException {
            // Without rows any number of dimensions will do.
            Model model = table.model(spark)
                    .orElseGet(() -> new Model(
                            "", "", before.map(IndexManifest::dimensions).orElse(1)));
            Map<String, RoaringBitmap> gone = comparison.gone();
            long newRows = comparison.newRows();
            List<ShardState> states = known.stream()
                    .map(shard -> new ShardState(
                            shard.id(),
                            shard.live()
                                    - gone.getOrDefault(shard.id(), new RoaringBitmap())
                                            .getCardinality(),
                            shard.rows()))
                    .toList();
            BuildPlan plan = anew ? BuildPlan.full(states) : BuildPlan.of(states, newRows);
            List<IndexShard> shards = new ArrayList<>();
            for (IndexShard shard : known) {
                if (!plan.rewritten().contains(shard.id())) {
                    shards.add(masked(shard, gone));
                }
            }
            long planned = plan.built(states, newRows);
            Dataset<Row> rows = comparison.rows(plan.rewritten(), planned);
            List<IndexShard> built;
            try (Progress.Stage stage =
                    progress.begin("building " + collection.name(), Progress.UNKNOWN_TOTAL, "shards")) {
                built = new Shards(spark, place, collection, model.dimensions())
                        .build(VectorRows.select(rows), planned, plan.partitioned());
                stage.advance(built.size());
            }
            shards.addAll(built);
            IndexManifest candidate = new IndexManifest(
                    IndexManifest.FORMAT,
                    before.map(IndexManifest::version).orElse(0L) + 1,
                    collection.name(),
                    table.version(),
                    settings(),
                    model.name(),
                    model.version(),
                    model.dimensions(),
                    0,
                    0,
                    request.now().toString(),
                    shards);
            long builtRows = built.stream().mapToLong(IndexShard::rows).sum();
            Recall recall = recall(candidate, built, rows);
            BuildRecord record = new BuildRecord(
                    candidate.measured(recall.probes(), recall.share()),
                    builtRows,
                    collection.recall(),
                    (System.nanoTime() - begun) / 1e9,
                    request.now());
            if (record.published()) {
                store.publish(record.index());
            } else {
                store.sweep();
            }
            record.write(spark, home);
            if (!record.published()) {
                throw tooLittle(recall);
            }
            return report(
                    record.index(),
                    true,
                    newRows,
                    gone.values().stream()
                            .mapToLong(RoaringBitmap::getCardinality)
                            .sum(),
                    builtRows);
        }

        /** The shards that are what was written. */
        private List<IndexShard> whole() {
            List<IndexShard> whole = new ArrayList<>();
            for (IndexShard shard : before.map(IndexManifest::shards).orElse(List.of())) {
                List<String> found = store.damages(shard);
                damages.addAll(found);
                if (found.isEmpty()) {
                    whole.add(shard);
                }
            }
            return whole;
        }

        private IndexShard masked(IndexShard shard, Map<String, RoaringBitmap> gone) throws IOException {
            RoaringBitmap more = gone.get(shard.id());
            if (more == null) {
                return shard;
            }
            return store.mask(shard, RoaringBitmap.or(store.mask(shard), more));
        }

        private Recall recall(IndexManifest candidate, List<IndexShard> built, Dataset<Row> rows) {
            try (Progress.Stage stage =
                    progress.begin("measuring recall of " + collection.name(), Progress.UNKNOWN_TOTAL, "searches")) {
                Recall recall = new RecallCheck(spark, place, collection, config.vectors())
                        .measure(candidate, built.stream().map(IndexShard::id).collect(Collectors.toSet()), rows);
                stage.advance(recall.searches());
                return recall;
            }
        }

        private LakeException tooLittle(Recall recall) {
            return LakeException.gate(
                    "the index of collection " + collection.name() + " was not published",
                    "it finds %.4f of the true neighbours instead of %.4f, as %,d searches have shown"
                            .formatted(recall.share(), collection.recall(), recall.searches()),
                    "set ef or ef-construction (of ivf: probes) of lake.vectors.collections." + collection.name()
                            + " higher, or its recall lower; the index before stays");
        }

        /** What an index cannot do without being built anew. */
        private String settings() {
            return "metric=%s index=%s m=%d ef-construction=%d lists=%d quantization=%s shard-rows=%d"
                    .formatted(
                            collection.index().metric(),
                            collection.index().type(),
                            collection.index().hnsw().m(),
                            collection.index().hnsw().efConstruction(),
                            collection.index().ivf().lists(),
                            collection.index().quantization(),
                            collection.shardRows());
        }

        private Report report(IndexManifest index, boolean changed, long newRows, long goneRows, long builtRows) {
            return new Report(
                    collection.name(),
                    index.version(),
                    changed,
                    index.deltaVersion(),
                    index.rows(),
                    newRows,
                    goneRows,
                    builtRows,
                    index.shards().size(),
                    index.probes(),
                    index.bytes(),
                    index.recall(),
                    damages);
        }
    }
}
