package io.datapunk.lake.spark;

import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerApplicationEnd;
import org.apache.spark.scheduler.SparkListenerEvent;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.execution.QueryExecution;
import org.apache.spark.sql.execution.ui.SparkListenerSQLExecutionEnd;
import org.apache.spark.sql.execution.ui.SparkListenerSQLExecutionStart;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag$;

/**
 * Hears the start and the end of every SQL execution of one Spark context, and spools the partitions that it touched. A
 * query is its outermost execution: a write by Delta runs executions inside executions, and together they count a
 * partition once. Runs on Spark's listener thread, so nothing here can fail or hold up a user's query.
 */
final class AccessListener extends SparkListener {
    private static final Logger LOG = LoggerFactory.getLogger(AccessListener.class);

    private final String application;
    private final String principal;
    private final Map<Long, RunningQuery> running = new HashMap<>();
    private final Map<SessionHome, AccessBuffer> spools = new ConcurrentHashMap<>();

    AccessListener(String application, String principal) {
        this.application = application;
        this.principal = principal;
    }

    @Override
    public void onOtherEvent(SparkListenerEvent event) {
        try {
            if (event instanceof SparkListenerSQLExecutionStart start) {
                started(start);
            } else if (event instanceof SparkListenerSQLExecutionEnd end) {
                ended(end);
            }
        } catch (RuntimeException | LinkageError failure) {
            LOG.warn("an access was not recorded", failure);
        }
    }

    @Override
    public void onApplicationEnd(SparkListenerApplicationEnd end) {
        spools.values().forEach(AccessBuffer::close);
    }

    /** The listener of a Spark context, empty where none records accesses there. */
    static Optional<AccessListener> of(SparkContext context) {
        return CollectionConverters.asJava(context.listenerBus()
                        .findListenersByClass(ClassTag$.MODULE$.<AccessListener>apply(AccessListener.class)))
                .stream()
                .findFirst();
    }

    /** Waits until Spark has told of the queries that ended, then writes what was recorded so far. */
    static void settle(SparkContext context) {
        try {
            context.listenerBus().waitUntilEmpty();
        } catch (TimeoutException busy) {
            LOG.warn("the newest accesses are written with the next turn", busy);
        }
        of(context).ifPresent(AccessListener::flush);
    }

    /** Writes what was recorded so far, without waiting for the next turn. */
    void flush() {
        spools.values().forEach(AccessBuffer::flush);
    }

    private void started(SparkListenerSQLExecutionStart start) {
        long id = start.executionId();
        long root = start.rootExecutionId().isDefined()
                ? ((Number) start.rootExecutionId().get()).longValue()
                : id;
        RunningQuery outer = running.get(root);
        boolean internal = start.jobTags().contains(LakeSession.INTERNAL) || (outer != null && outer.internal());
        running.put(
                id,
                outer != null && outer.internal() == internal
                        ? outer
                        : new RunningQuery(
                                application + "-" + root,
                                Instant.ofEpochMilli(start.time()),
                                internal,
                                new HashSet<>()));
    }

    private void ended(SparkListenerSQLExecutionEnd end) {
        RunningQuery query = running.remove(end.executionId());
        if (query == null || query.internal() || end.qe() == null) {
            return;
        }
        QueryExecution execution = end.qe();
        // A query that failed before it was planned read nothing, and asking for its plan would plan it now.
        if (!execution.tracker().phases().contains("planning")) {
            return;
        }
        SparkSession session = execution.sparkSession();
        SessionHome.of(session.conf()).ifPresent(home -> {
            Map<String, Set<String>> touched = new TouchedPartitions(home).of(execution.executedPlan());
            touched.keySet().removeAll(query.recorded());
            if (!touched.isEmpty()) {
                query.recorded().addAll(touched.keySet());
                Configuration configuration = session.sparkContext().hadoopConfiguration();
                AccessBuffer buffer =
                        spools.computeIfAbsent(home, place -> AccessBuffer.open(place, session.conf(), configuration));
                touched.forEach((partition, filters) ->
                        buffer.add(new Access(query.at(), partition, principal, query.id(), filters)));
            }
        });
    }

    /** A query from its start to its end. */
    private record RunningQuery(String id, Instant at, boolean internal, Set<String> recorded) {}

    /**
     * One query touched one partition, or with {@code /*} a whole table, at one time.
     *
     * @param filters columns that it filtered its rows by
     */
    record Access(Instant at, String partition, String principal, String queryId, Set<String> filters) {}
}
