package io.datapunk.lake.delta;

import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.DatasetName;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Conditions that Delta itself holds every written row to. Only those that begin with a prefix of the lake's are touched;
 * an owner's others stay.
 */
public final class DeltaConstraints {
    private static final String PROPERTY = "delta.constraints.";
    private static final String PREFIX = "quality_";

    private final SparkSession spark;
    private final LakeHome home;

    public DeltaConstraints(SparkSession spark, LakeHome home) {
        this.spark = spark;
        this.home = home;
    }

    /**
     * Makes the table have these and no others of the lake's. Adding one reads the whole table.
     *
     * @param conditions SQL by name, without the prefix
     * @param holding names of those that all rows meet now: only they are added
     */
    public void set(DatasetName dataset, Map<String, String> conditions, Set<String> holding) {
        InternalJobs.call(spark, () -> {
            Map<String, String> present = present(dataset);
            present.forEach((name, condition) -> {
                if (!condition.equals(conditions.get(name))) {
                    alter(dataset, "DROP CONSTRAINT " + PREFIX + name);
                }
            });
            conditions.forEach((name, condition) -> {
                if (!condition.equals(present.get(name)) && holding.contains(name)) {
                    alter(dataset, "ADD CONSTRAINT " + PREFIX + name + " CHECK (" + condition + ")");
                }
            });
            return null;
        });
    }

    private Map<String, String> present(DatasetName dataset) {
        Map<String, String> present = new TreeMap<>();
        CollectionConverters.asJava(DeltaLog.forTable(spark, home.tablePath(dataset))
                        .update(false, Option.empty(), Option.empty())
                        .metadata()
                        .configuration())
                .forEach((key, condition) -> {
                    if (key.startsWith(PROPERTY + PREFIX)) {
                        present.put(key.substring(PROPERTY.length() + PREFIX.length()), condition);
                    }
                });
        return present;
    }

    private void alter(DatasetName dataset, String change) {
        spark.sql("ALTER TABLE delta.`" + home.tablePath(dataset) + "` " + change);
    }
}
