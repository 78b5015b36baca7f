package io.datapunk.archive.expire;

import io.datapunk.archive.bag.PackageStore;
import io.datapunk.archive.retention.ExpiryPlanner;
import io.datapunk.archive.retention.RetentionRules;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.hold.Hold;
import io.datapunk.lake.hold.HoldStore;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.spark.LakeSession;
import io.datapunk.lake.storage.Stores;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.apache.spark.sql.SparkSession;

/** Decides what is to expire. Changes nothing but the plan that it stores. */
public final class PlanExpiryJob {
    private final SparkSession spark;
    private final LakeConfig config;
    private final LakeHome home;

    public PlanExpiryJob(SparkSession spark, LakeConfig config, LakeHome home) {
        this.spark = spark;
        this.config = config;
        this.home = home;
    }

    /** @throws LakeException where a table, the archive or the holds cannot be read */
    public ExpiryPlan run(Instant now) {
        ExpiryPlan plan = preview(now);
        new ExpiryPlanStore(home).write(plan);
        return plan;
    }

    /** Without storing it. */
    public ExpiryPlan preview(Instant now) {
        try {
            PackageStore packages = PackageStore.of(config, home, Stores.configuration(config));
            return preview(packages, now);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    ExpiryPlan preview(PackageStore packages, Instant now) throws IOException {
        List<Hold> holds = new HoldStore(home).read();
        return ExpiryPlanStore.plan(now, LakeSession.internal(spark, () -> new ExpiryPlanner(
                        new RetentionRules(config.archive().retention()))
                .plan(new ExpirySurvey(spark, config, home).candidates(packages, holds, now), holds, now).stream()
                        .map(PlannedExpiry::of)
                        .toList()));
    }

    static LakeException unreadable(IOException e) {
        return LakeException.failed(
                "the archive cannot be read, so nothing of the lake expires",
                e.getClass().getSimpleName() + ": " + e.getMessage(),
                "check that lake.archive.location is reachable, and run `lake archive verify`",
                e);
    }
}
