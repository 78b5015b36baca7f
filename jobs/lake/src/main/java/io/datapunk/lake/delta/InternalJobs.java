package io.datapunk.lake.delta;

import io.datapunk.lake.spark.LakeSession;
import io.datapunk.lake.spark.SessionSettings;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;

/** Runs the lake's own reads and writes so that they are not taken for accesses. */
final class InternalJobs {
    private InternalJobs() {}

    static <T> T call(SparkSession spark, Supplier<T> work) {
        // Also in a session that the lake did not open; Spark's writer takes it from the session alone.
        spark.conf().set(SessionSettings.INSTANTS, SessionSettings.ORDERED_INSTANTS);
        return LakeSession.internal(spark, work::get);
    }
}
