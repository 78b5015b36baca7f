package io.datapunk.lake.delta;

import io.datapunk.lake.spark.LakeSession;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;

/** Runs the lake's own reads and writes so that they are not taken for accesses. */
final class InternalJobs {
    private InternalJobs() {}

    static <T> T call(SparkSession spark, Supplier<T> work) {
        // Delta takes the session from the thread, and a pool's threads have none.
        SparkSession.setActiveSession(spark);
        return LakeSession.internal(spark, work::get);
    }
}
