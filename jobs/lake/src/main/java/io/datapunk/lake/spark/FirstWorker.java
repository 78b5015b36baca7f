package io.datapunk.lake.spark;

import io.datapunk.lake.model.LakeException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.sql.SparkSession;

/** Waits until a cluster has begun to work for a session, and says clearly where it cannot. */
final class FirstWorker extends SparkListener {
    private static final String REMEDY =
            "put the lake where every worker has it at the same path, as on NFS, or into an object store (--lake s3a://…);"
                    + " docs/cluster.md tells more";

    private final AtomicReference<String> refusal = new AtomicReference<>();

    private FirstWorker() {}

    /** @throws LakeException (usage) where a worker does not see the lake; the session is stopped then */
    static void await(SparkSession session) {
        FirstWorker listener = new FirstWorker();
        session.sparkContext().addSparkListener(listener);
        try {
            listener.await(JavaSparkContext.fromSparkContext(session.sparkContext())
                    .parallelize(List.of(1), 1)
                    .countAsync());
        } catch (LakeException refused) {
            session.stop();
            throw refused;
        } finally {
            session.sparkContext().removeSparkListener(listener);
        }
    }

    private void await(JavaFutureAction<Long> task) {
        while (true) {
            try {
                task.get(200, TimeUnit.MILLISECONDS);
                return;
            } catch (TimeoutException goOn) {
                if (refusal.get() != null) {
                    throw LakeException.usage("the workers do not see the lake", refusal.get(), REMEDY);
                }
            } catch (ExecutionException e) {
                throw LakeException.failed(
                        "the cluster does not work for the lake",
                        refusal.get() == null ? e.getCause().getMessage() : refusal.get(),
                        refusal.get() == null ? "look into the logs of its workers" : REMEDY,
                        e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw LakeException.failed(
                        "the start of Spark was interrupted", "somebody stopped it", "run the command again", e);
            }
        }
    }

    @Override
    public void onExecutorRemoved(SparkListenerExecutorRemoved removed) {
        if (removed.reason().contains(SharedHome.REFUSAL)) {
            refusal.set(removed.reason());
        }
    }
}
