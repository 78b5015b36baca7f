package io.datapunk.tiering.sync;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.postgres.HotStore;
import io.datapunk.lake.postgres.HotStoreUnavailableException;
import io.datapunk.lake.postgres.PostgresConnection;
import io.datapunk.lake.storage.JobLease;
import io.datapunk.lake.storage.Leases;
import io.datapunk.tiering.FaultPoint;
import java.time.Instant;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;

/** Brings what applications wrote in PostgreSQL to Delta. Not beside a run of {@code apply}, which does the same first. */
public final class TierSyncJob {
    private final LakeConfig config;
    private final LakeHome home;
    private final Supplier<SparkSession> spark;
    private final PostgresConnection server;
    private final FaultPoint fault;

    /** @param spark opened only where something was written */
    public TierSyncJob(LakeConfig config, LakeHome home, Supplier<SparkSession> spark, PostgresConnection server) {
        this(config, home, spark, server, FaultPoint.ofSystem());
    }

    TierSyncJob(
            LakeConfig config,
            LakeHome home,
            Supplier<SparkSession> spark,
            PostgresConnection server,
            FaultPoint fault) {
        this.config = config;
        this.home = home;
        this.spark = spark;
        this.server = server;
        this.fault = fault;
    }

    /**
     * @param now for the months that a place is made for
     * @throws LakeException where another run is under way, or a dataset's writes cannot be brought
     */
    public TierSyncReport run(Instant now) {
        try (JobLease lease = new Leases(home).acquire(Leases.TIERING)) {
            HotStore store = HotStore.open(server, lease.epoch());
            return new TierSyncReport(new HotSync(config, home, spark, store, fault).syncAll(now));
        } catch (HotStoreUnavailableException e) {
            throw e.asFailure();
        }
    }
}
