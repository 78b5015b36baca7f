package io.datapunk.vectors.embed;

import io.datapunk.lake.config.CollectionConfig;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.config.VectorMetric;
import io.datapunk.lake.delta.DeltaTables;
import io.datapunk.lake.delta.TableLog;
import io.datapunk.lake.delta.TableSnapshot;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.model.table.LakeTables;
import io.datapunk.lake.model.table.VectorsTable;
import io.datapunk.lake.spark.LakeSession;
import io.datapunk.lake.storage.JobLease;
import io.datapunk.lake.storage.Leases;
import io.datapunk.vectors.embed.EmbedPlan.MonthRows;
import io.datapunk.vectors.embed.RowChanges.MonthCount;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Brings a collection's table of vectors in step with its source: encodes what is new or changed, removes what is gone or
 * too old. What a run did before it was killed stays done; the next one does the rest. Run again, it changes nothing.
 */
public final class EmbedJob {
    /** The model of vectors that come with their rows. */
    public static final String EXTERNAL = "external";

    /** Some three minutes of work: so much is lost when a run is killed. */
    private static final int ROWS_PER_CORE = 20_000;

    private final SparkSession spark;
    private final LakeConfig config;
    private final LakeHome home;
    private final Supplier<? extends TextModel> model;
    private final long batchRows;

    public EmbedJob(SparkSession spark, LakeConfig config, LakeHome home) {
        this(
                spark,
                config,
                home,
                () -> OnnxModel.of(config.vectors()),
                (long) ROWS_PER_CORE * spark.sparkContext().defaultParallelism());
    }

    /**
     * @param model asked for where a collection has texts
     * @param batchRows that are encoded and committed at once, about
     */
    EmbedJob(
            SparkSession spark, LakeConfig config, LakeHome home, Supplier<? extends TextModel> model, long batchRows) {
        this.spark = spark;
        this.config = config;
        this.home = home;
        this.model = model;
        this.batchRows = batchRows;
    }

    /** @param now before which {@code keep} counts */
    public record Request(String collection, Instant now) {}

    /**
     * What was done.
     *
     * @param read rows of the source that are not too old
     * @param empty those among them that have nothing to make a vector of
     * @param unfit those whose vectors are of another length or no numbers
     * @param encoded contents that the model was given; other rows that were inserted or updated took vectors of equal ones
     */
    public record Report(
            String collection,
            DatasetName source,
            long sourceVersion,
            String model,
            String modelVersion,
            long read,
            long empty,
            long unfit,
            long inserted,
            long updated,
            long deleted,
            long encoded,
            List<String> warnings) {}

    /**
     * @throws LakeException (usage) where there is no such collection, table, column or model; otherwise where rows cannot be
     *     told apart, or another run is under way
     */
    public Report run(Request request, Progress progress) {
        CollectionConfig collection = config.vectors().require(request.collection());
        try (JobLease lease = new Leases(home).acquire(Leases.vectorsOf(collection.name()))) {
            return LakeSession.internal(spark, () -> embed(collection, request.now(), progress));
        }
    }

    private Report embed(CollectionConfig collection, Instant now, Progress progress) {
        long version = TableLog.of(config, home)
                .snapshot(collection.source())
                .map(TableSnapshot::version)
                .orElseThrow(() -> LakeException.usage(
                        "there is no table " + collection.source() + " to make vectors of",
                        "collection " + collection.name() + " names it as its source",
                        "bring its rows in first, or change lake.vectors.collections." + collection.name()
                                + ".source; `lake tables` lists the tables"));
        Dataset<Row> table =
                spark.read().format("delta").option("versionAsOf", version).load(home.tablePath(collection.source()));
        Optional<Instant> since = collection.keptFrom(now);
        SourceRows rows = new SourceRows(collection, table, since);
        requireKeys(collection, rows);
        DeltaTables.ensure(spark, home, VectorsTable.definition(collection.name()));
        VectorSource vectors = vectors(collection, rows);
        VectorsWriter writer = new VectorsWriter(spark, home, collection, rows, vectors, version, now);
        List<MonthCount> counts = writer.count();
        long deleted = sum(counts, MonthCount::deleted);
        if (deleted > 0) {
            new RemovalAudit(config, home)
                    .append(
                            collection,
                            now,
                            deleted,
                            Map.of(
                                    "source", collection.source().toString(),
                                    "source_version", Long.toString(version)));
            writer.delete(counts.stream()
                    .filter(month -> month.deleted() > 0)
                    .map(MonthCount::month)
                    .toList());
        }
        long encoded = 0;
        try (Progress.Stage stage = progress.begin("making vectors", sum(counts, MonthCount::written), "rows")) {
            List<MonthRows> months = counts.stream()
                    .map(month -> new MonthRows(month.month(), month.written()))
                    .toList();
            for (EmbedPlan.Batch batch : EmbedPlan.batches(months, batchRows)) {
                VectorsWriter.Written written = writer.write(batch);
                encoded += written.encoded();
                stage.advance(written.rows());
            }
        }
        return new Report(
                collection.name(),
                collection.source(),
                version,
                vectors.model(),
                vectors.modelVersion(),
                sum(counts, MonthCount::read),
                sum(counts, MonthCount::empty),
                sum(counts, MonthCount::unfit),
                sum(counts, MonthCount::inserted),
                sum(counts, MonthCount::updated),
                deleted,
                encoded,
                warnings(collection, sum(counts, MonthCount::unfit), rows, vectors));
    }

    /** The lake's own tables keep their keys apart; those that others made may not. */
    private static void requireKeys(CollectionConfig collection, SourceRows rows) {
        if (LakeTables.find(collection.source()).isPresent()) {
            return;
        }
        List<String> keys = rows.ambiguousKeys();
        if (!keys.isEmpty()) {
            throw LakeException.failed(
                    "the rows of " + collection.source() + " cannot be told apart by " + collection.id(),
                    "several rows, or rows without a key, have " + String.join(", ", keys),
                    "let lake.vectors.collections." + collection.name() + ".id name a column that is a key");
        }
    }

    private VectorSource vectors(CollectionConfig collection, SourceRows rows) {
        if (collection.vector().isPresent()) {
            boolean normalise = collection.index().metric() == VectorMetric.COSINE;
            int dimensions = rows.commonLength();
            return new VectorSource(
                    EXTERNAL, "", normalise, ContentReader.ofVectors(dimensions, normalise), Optional.empty());
        }
        TextModel opened = model.get();
        return new VectorSource(
                opened.name(),
                opened.version(),
                true,
                ContentReader.ofTexts(
                        opened.name(),
                        opened.version(),
                        collection.text().stream().map(List::size).toList()),
                Optional.of(opened));
    }

    private static List<String> warnings(
            CollectionConfig collection, long unfit, SourceRows rows, VectorSource vectors) {
        if (unfit == 0) {
            return List.of();
        }
        return List.of(unfit + " rows of " + collection.source() + " are left out: their vectors are of another length"
                + " than most, or not all numbers, or have no direction; " + collection.id() + " of some: "
                + String.join(", ", rows.unfitKeys(vectors.reader())));
    }

    private static long sum(List<MonthCount> counts, ToLongFunction<MonthCount> of) {
        return counts.stream().mapToLong(of).sum();
    }
}
