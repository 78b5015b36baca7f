package io.datapunk.vectors.publish;

import io.datapunk.lake.config.CollectionConfig;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.TableLog;
import io.datapunk.lake.delta.TableSnapshot;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.model.table.VectorsTable;
import io.datapunk.lake.postgres.MeasuredRecall;
import io.datapunk.lake.postgres.PostgresConnection;
import io.datapunk.lake.postgres.PublishedVectors;
import io.datapunk.lake.postgres.VectorStore;
import io.datapunk.lake.storage.JobLease;
import io.datapunk.lake.storage.Leases;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;

/**
 * Copies a collection into PostgreSQL: the rows of one Delta version become a table {@code vectors.<collection>} there, with
 * an index of pgvector. It takes the older table's place only when it was read back and found equal, and when its index finds
 * as many of the true neighbours as the collection asks for. The same version again changes nothing.
 *
 * <p>Killed anywhere and run again, it ends in the same state. Readers see the older table or the new one, whole.
 */
public final class PublishJob {
    private final SparkSession spark;
    private final LakeConfig config;
    private final LakeHome home;
    private final PostgresConnection server;

    public PublishJob(SparkSession spark, LakeConfig config, LakeHome home, PostgresConnection server) {
        this.spark = spark;
        this.config = config;
        this.home = home;
        this.server = server;
    }

    /** @param dryRun only tells what would be done */
    public record Request(String collection, Instant now, boolean dryRun) {}

    /** What a run has done. */
    public enum Outcome {
        /** A new table serves. */
        PUBLISHED,
        /** This version serves already. */
        UNCHANGED,
        /** Nothing: it was to be a dry run. */
        PLANNED
    }

    /**
     * @param deltaVersion version of the collection's table
     * @param layout type of the vectors, metric and index
     * @param searchSetting what a session has to set to find as many neighbours, as {@code hnsw.ef_search = 100}; empty where
     *     there is nothing to set
     * @param served the table that serves; empty in a dry run
     * @param measured by this run; empty where an earlier one has
     * @param warnings what its owner should know
     */
    public record Report(
            String collection,
            Outcome outcome,
            long deltaVersion,
            String layout,
            String searchSetting,
            long rows,
            Optional<PublishedVectors> served,
            Optional<MeasuredRecall> measured,
            List<String> warnings) {}

    /**
     * Publishes a collection.
     *
     * @throws LakeException (usage) where there is no such collection, or PostgreSQL cannot index its vectors; (failed) where
     *     it has none, or the server has no pgvector or cannot hold a row; (gate) where the copy differs or its index finds
     *     too little. What is served stays as it is then
     */
    public Report run(Request request, Progress progress) {
        CollectionConfig collection = config.vectors().require(request.collection());
        try (JobLease lease = new Leases(home).acquire(Leases.vectorsOf(collection.name()))) {
            return run(request, collection, progress);
        }
    }

    private Report run(Request request, CollectionConfig collection, Progress progress) {
        String name = collection.name();
        TableSnapshot snapshot =
                TableLog.of(config, home).snapshot(VectorsTable.name(name)).orElseThrow(() -> noVectors(name));
        Optional<PublishedVectors> served = VectorStore.served(server, name);
        CollectionVersion version = CollectionVersion.read(spark, home, name, snapshot);
        // One that has become empty is published as such: its rows were removed for a reason.
        int dimensions = version.dimensions()
                .orElseGet(() -> served.map(PublishedVectors::dimensions).orElseThrow(() -> noVectors(name)));
        PublicationPlan plan = PublicationPlan.of(collection, dimensions, version.rows());
        if (served.filter(table -> table.is(version.number(), plan.layout())).isPresent()) {
            return report(Outcome.UNCHANGED, version, plan, served, Optional.empty(), plan.warnings());
        }
        if (request.dryRun()) {
            return report(Outcome.PLANNED, version, plan, Optional.empty(), Optional.empty(), plan.warnings());
        }
        List<String> warnings = new ArrayList<>(plan.warnings());
        Publication publication = new Publication(
                VectorStore.open(server), spark, collection, config.vectors(), version, plan.layout(), warnings::add);
        Optional<MeasuredRecall> measured = publication.run(request.now(), progress);
        return report(Outcome.PUBLISHED, version, plan, VectorStore.served(server, name), measured, warnings);
    }

    private static Report report(
            Outcome outcome,
            CollectionVersion version,
            PublicationPlan plan,
            Optional<PublishedVectors> served,
            Optional<MeasuredRecall> measured,
            List<String> warnings) {
        return new Report(
                version.collection(),
                outcome,
                version.number(),
                plan.layout().toString(),
                plan.layout().searchSetting(),
                version.rows(),
                served,
                measured,
                List.copyOf(warnings));
    }

    private static LakeException noVectors(String collection) {
        return LakeException.failed(
                "collection " + collection + " cannot be published",
                "it has no vectors yet",
                "run `lake vectors embed " + collection + "` first");
    }
}
