package io.datapunk.lake.delta;

import io.datapunk.lake.delta.DeltaAppend.Once;
import io.datapunk.lake.spark.LakeSession;
import io.datapunk.lake.spark.SessionSettings;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;

/** Runs the lake's own reads and writes so that they are not taken for accesses. */
final class InternalJobs {
    private static final String APPLICATION = "spark.databricks.delta.write.txnAppId";
    private static final String APPLICATION_VERSION = "spark.databricks.delta.write.txnVersion";

    private InternalJobs() {}

    static <T> T call(SparkSession spark, Supplier<T> work) {
        // Also in a session that the lake did not open; Spark's writer takes it from the session alone.
        spark.conf().set(SessionSettings.INSTANTS, SessionSettings.ORDERED_INSTANTS);
        return LakeSession.internal(spark, work::get);
    }

    /**
     * Runs a DELETE or MERGE under the number of a commit: where the table has it already, nothing is done.
     *
     * @param own a session that nobody else has: the number is a setting, and would be that of other commits as well
     */
    static <T> T once(SparkSession own, Once once, Supplier<T> work) {
        own.conf().set(APPLICATION, once.application());
        own.conf().set(APPLICATION_VERSION, Long.toString(once.version()));
        try {
            return work.get();
        } finally {
            own.conf().unset(APPLICATION);
            own.conf().unset(APPLICATION_VERSION);
        }
    }
}
