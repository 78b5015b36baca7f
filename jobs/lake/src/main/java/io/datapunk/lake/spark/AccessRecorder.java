package io.datapunk.lake.spark;

import org.apache.spark.SparkContext;
import org.apache.spark.SparkContext$;
import org.apache.spark.sql.execution.QueryExecution;
import org.apache.spark.sql.util.QueryExecutionListener;
import org.slf4j.LoggerFactory;

/**
 * Records which partitions of the lake each query touches. One line of configuration switches it on, in any session:
 *
 * <pre>spark.sql.queryExecutionListeners=io.datapunk.lake.spark.AccessRecorder</pre>
 *
 * <p>The home is {@code spark.lake.home} in the session, or {@code LAKE_HOME} in the environment; a session without one
 * records nothing.
 *
 * <p>Spark creates one such listener for each session and tells it neither a query's number nor whether the lake itself
 * asked. So it only makes sure that its Spark context has one {@link AccessListener}, which hears of every query of every
 * session together with both.
 */
public final class AccessRecorder implements QueryExecutionListener {
    /** Attaches to the Spark context that is active; Spark calls this when it sets up a session. */
    public AccessRecorder() {
        try {
            SparkContext context = SparkContext$.MODULE$.getActive().getOrElse(() -> null);
            if (context != null) {
                attach(context);
            }
        } catch (RuntimeException | LinkageError failure) {
            LoggerFactory.getLogger(AccessRecorder.class).warn("accesses are not recorded", failure);
        }
    }

    private static void attach(SparkContext context) {
        synchronized (context) {
            if (AccessListener.of(context).isEmpty()) {
                context.addSparkListener(new AccessListener(context.applicationId(), context.sparkUser()));
            }
        }
    }

    @Override
    public void onSuccess(String action, QueryExecution query, long nanoseconds) {
        // The context's AccessListener hears of the same query.
    }

    @Override
    public void onFailure(String action, QueryExecution query, Exception failure) {
        // The context's AccessListener hears of the same query.
    }
}
