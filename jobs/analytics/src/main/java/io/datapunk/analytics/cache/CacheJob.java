package io.datapunk.analytics.cache;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;

import io.datapunk.lake.config.CacheConfig;
import io.datapunk.lake.config.CacheConfig.Publication;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.TableChanges;
import io.datapunk.lake.delta.TableLog;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.model.table.PublishedColumns;
import io.datapunk.lake.spark.LakeSession;
import io.datapunk.lake.storage.JobLease;
import io.datapunk.lake.storage.Leases;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * Brings the newest rows of published tables to Redis, each as JSON under a key of its own. Listeners are told of what has changed on
 * the channel {@code cache.update}, and of what is gone on {@code cache.invalidate}.
 */
public final class CacheJob {
    static final String UPDATE = "cache.update";
    static final String INVALIDATE = "cache.invalidate";

    private static final String JOB = "cache";
    private static final int BATCH = 1000;
    private static final String VALUE = "value";

    /** When a row was computed is not what it says: a value that is computed again and the same is not an update. */
    private static final Set<String> NOT_SAID = Set.of(PublishedColumns.COMPUTED_AT, PublishedColumns.SOURCE_VERSIONS);

    private final SparkSession spark;
    private final CacheConfig config;
    private final LakeHome home;
    private final TableChanges changes;

    public CacheJob(SparkSession spark, LakeConfig config, LakeHome home) {
        this.spark = spark;
        this.config = config.analytics().cache();
        this.home = home;
        this.changes = new TableChanges(TableLog.of(config, home));
    }

    /**
     * What became of a publication.
     *
     * @param keys that it has in Redis
     * @param updated of them new, or with another value than before
     * @param removed that the table no longer has
     */
    public record Cached(String table, long keys, long updated, long removed, long secondsToLive) {}

    /**
     * Caches every publication whose table exists.
     *
     * @param dryRun only count what would be cached
     * @throws LakeException (usage) where there is no server, or a publication names columns that its table does not have; (failed)
     *     where Redis cannot be reached
     */
    public List<Cached> run(boolean dryRun, Progress progress) {
        if (config.servers().isEmpty()) {
            throw LakeException.usage(
                    "nothing can be cached",
                    "lake.analytics.cache.servers is empty",
                    "name a Redis there, as [\"localhost:6379\"]");
        }
        List<Publication> publications = config.publications().stream()
                .filter(publication -> changes.newest(publication.table()).isPresent())
                .toList();
        List<Cached> cached = new ArrayList<>();
        try (JobLease lease = new Leases(home).acquire(JOB);
                RedisCache redis = RedisCache.connect(config);
                Progress.Stage stage = progress.begin("caching", publications.size(), "tables")) {
            for (Publication publication : publications) {
                cached.add(LakeSession.internal(spark, () -> cache(publication, redis, dryRun)));
                stage.advance(1);
            }
        }
        return cached;
    }

    private Cached cache(Publication publication, RedisCache redis, boolean dryRun) {
        KeyTemplate template = KeyTemplate.parse(publication.key());
        Dataset<Row> rows = rows(publication, template);
        String name = publication.table().toString();
        Duration timeToLive = config.timeToLive(publication);
        if (dryRun) {
            return new Cached(name, rows.count(), 0, 0, timeToLive.toSeconds());
        }
        Set<String> gone = new HashSet<>(redis.remembered(name));
        Set<String> keys = new HashSet<>();
        long updated = 0;
        Iterator<Row> iterator = rows.toLocalIterator();
        while (iterator.hasNext()) {
            Map<String, String> batch = new LinkedHashMap<>();
            while (iterator.hasNext() && batch.size() < BATCH) {
                Row row = iterator.next();
                batch.put(template.key(config.prefix(), row::getAs), row.getAs(VALUE));
            }
            // Remembered first: a run that is killed leaves nothing that nobody knows of.
            redis.remember(name, batch.keySet());
            List<String> changed = redis.write(batch, timeToLive);
            redis.tell(UPDATE, changed);
            updated += changed.size();
            keys.addAll(batch.keySet());
        }
        gone.removeAll(keys);
        List<String> old = List.copyOf(gone);
        for (int from = 0; from < old.size(); from += BATCH) {
            List<String> batch = old.subList(from, Math.min(old.size(), from + BATCH));
            redis.remove(batch);
            redis.tell(INVALIDATE, batch);
            redis.forget(name, batch);
        }
        return new Cached(name, keys.size(), updated, gone.size(), timeToLive.toSeconds());
    }

    private Dataset<Row> rows(Publication publication, KeyTemplate template) {
        Dataset<Row> table = spark.read().format("delta").load(home.tablePath(publication.table()));
        List<String> columns = Arrays.asList(table.columns());
        List<String> named = new ArrayList<>(template.columns());
        named.add(publication.newest());
        for (String column : named) {
            if (!columns.contains(column)) {
                throw LakeException.usage(
                        publication.table() + " cannot be cached",
                        "it has no column '" + column + "'",
                        "name columns of it in lake.analytics.cache.publications: " + String.join(", ", columns));
            }
        }
        Column[] said = columns.stream()
                .filter(column -> !NOT_SAID.contains(column))
                .map(functions::col)
                .toArray(Column[]::new);
        List<Column> keys = new ArrayList<>(template.columns().stream()
                .distinct()
                .map(column -> col(column).cast("string").as(column))
                .toList());
        keys.add(to_json(struct(said)).as(VALUE));
        return table.orderBy(col(publication.newest()).desc())
                .limit(config.most())
                .select(keys.toArray(Column[]::new));
    }
}
