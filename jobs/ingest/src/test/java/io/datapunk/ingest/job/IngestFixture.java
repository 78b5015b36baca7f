package io.datapunk.ingest.job;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.DeltaAppend;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.storage.Leases;
import io.datapunk.testkit.SharedSpark;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** A lake in a folder, and imports into it. */
final class IngestFixture {
    static final Instant NOW = Instant.parse("2026-02-01T12:00:00Z");

    private final SparkSession spark = SharedSpark.session();
    private final LakeConfig config;
    private final LakeHome home;

    IngestFixture(Path folder) {
        this(folder, Map.of());
    }

    IngestFixture(Path folder, Map<String, String> settings) {
        Map<String, String> all = new java.util.HashMap<>(settings);
        all.put("lake.home", folder.toString());
        config = LakeConfig.load(null, Map.of(), all);
        home = LakeHome.open(config);
    }

    LakeHome home() {
        return home;
    }

    SparkSession spark() {
        return spark;
    }

    /** Makes the tables and a person's surrogate, and nothing else. */
    void makeUser(String user) {
        LakeTableFiles tables = new LakeTableFiles(spark, home);
        IngestJob.tables().forEach(tables::ensure);
        new LakeUsers(spark, tables, new DeltaAppend(spark, home), new Leases(home)).surrogate(user, NOW);
    }

    IngestReport ingest(List<Path> export, String user) {
        return ingest(export, user, NOW);
    }

    IngestReport ingest(List<Path> export, String user, Instant now) {
        return new IngestJob(spark, home, config.ingest()).run(new IngestRequest(export, user, now), Progress.NONE);
    }

    Dataset<Row> table(String name) {
        return spark.read().format("delta").load(home.tablePath(DatasetName.parse(name)));
    }

    List<Row> rows(String table, String where, String... columns) {
        return table(table).where(where).selectExpr(columns).orderBy(columns[0]).collectAsList();
    }

    long count(String table) {
        return table(table).count();
    }
}
