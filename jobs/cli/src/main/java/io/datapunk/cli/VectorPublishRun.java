package io.datapunk.cli;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.postgres.MeasuredRecall;
import io.datapunk.lake.postgres.PostgresServer;
import io.datapunk.lake.spark.LakeSession;
import io.datapunk.vectors.publish.PublishJob;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.spark.sql.SparkSession;

/** Copies collections into PostgreSQL. */
final class VectorPublishRun {
    /**
     * What was published of a collection, as {@code --json} prints it.
     *
     * @param outcome {@code published}, {@code unchanged} or {@code planned}
     * @param searchSetting what a session has to set to find as much; empty where there is nothing to set
     * @param recall null where this run has measured none
     */
    record Published(
            String collection,
            String outcome,
            long deltaVersion,
            String layout,
            String searchSetting,
            long rows,
            Double recall) {
        private static Published of(PublishJob.Report report) {
            return new Published(
                    report.collection(),
                    report.outcome().name().toLowerCase(Locale.ROOT),
                    report.deltaVersion(),
                    report.layout(),
                    report.searchSetting(),
                    report.rows(),
                    report.measured().map(MeasuredRecall::recall).orElse(null));
        }
    }

    private final Invocation invocation;
    private final LakeConfig config;
    private final LakeHome home;

    VectorPublishRun(Invocation invocation) {
        this.invocation = invocation;
        this.config = invocation.config();
        this.home = LakeHome.openExisting(config);
    }

    Outcome run(List<String> collections) {
        collections.forEach(config.vectors()::require);
        List<Published> published = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        try (PostgresServer server = PostgresServer.open(config.postgres(), home)) {
            SparkSession spark = LakeSession.open(config, home);
            for (String collection : collections) {
                PublishJob.Report report = new PublishJob(spark, config, home, server.connection())
                        .run(
                                new PublishJob.Request(collection, invocation.now(), invocation.dryRun()),
                                invocation.progress());
                published.add(Published.of(report));
                warnings.addAll(report.warnings());
            }
        }
        TextTable table = new TextTable(
                List.of("COLLECTION", "OUTCOME", "ROWS", "LAYOUT", "RECALL", "SEARCH WITH"), Set.of("ROWS", "RECALL"));
        published.forEach(of -> table.add(
                of.collection(),
                of.outcome(),
                Amounts.count(of.rows()),
                of.layout(),
                of.recall() == null ? "" : String.format(Locale.ROOT, "%.4f", of.recall()),
                of.searchSetting()));
        return Outcome.of(published, table::print).withWarnings(warnings);
    }
}
