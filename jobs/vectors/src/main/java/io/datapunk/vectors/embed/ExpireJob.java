package io.datapunk.vectors.embed;

import static org.apache.spark.sql.functions.col;

import io.datapunk.lake.config.CollectionConfig;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.table.VectorsTable;
import io.datapunk.lake.spark.LakeSession;
import io.datapunk.lake.storage.JobLease;
import io.datapunk.lake.storage.Leases;
import io.datapunk.lake.storage.Stores;
import io.datapunk.vectors.shard.CollectionTable;
import io.delta.tables.DeltaTable;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.SparkSession;

/**
 * Removes vectors that are older than their collection keeps, without making any. Their rows stay in the source; what has no
 * time stays here, too.
 */
public final class ExpireJob {
    private final SparkSession spark;
    private final LakeConfig config;
    private final LakeHome home;

    public ExpireJob(SparkSession spark, LakeConfig config, LakeHome home) {
        this.spark = spark;
        this.config = config;
        this.home = home;
    }

    /** @param dryRun only counts */
    public record Request(CollectionConfig collection, Instant now, boolean dryRun) {}

    /**
     * What was removed, or would be.
     *
     * @param before what happened earlier is too old; empty: nothing ever is
     */
    public record Report(String collection, Optional<Instant> before, long rows) {}

    /** @throws LakeException where the collection has no vectors, or another run is under way */
    public Report run(Request request) {
        String collection = request.collection().name();
        try (JobLease lease = new Leases(home).acquire(Leases.vectorsOf(collection))) {
            return LakeSession.internal(spark, () -> expire(request));
        }
    }

    private Report expire(Request request) {
        CollectionTable table = CollectionTable.newest(
                home, Stores.configuration(config), request.collection().name());
        Optional<Instant> before = request.collection().keptFrom(request.now());
        if (before.isEmpty()) {
            return new Report(table.collection(), before, 0);
        }
        Column tooOld = col(VectorsTable.EVENT_TIME).lt(SourceRows.time(before.get()));
        long rows = table.rows(spark).where(tooOld).count();
        if (rows > 0 && !request.dryRun()) {
            new RemovalAudit(config, home).append(request.collection(), request.now(), rows, Map.of());
            DeltaTable.forPath(spark, table.path()).delete(tooOld);
        }
        return new Report(table.collection(), before, rows);
    }
}
