package io.datapunk.cli;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.spark.LakeSession;
import io.datapunk.vectors.cluster.ClusterJob;
import io.datapunk.vectors.neighbours.NeighboursJob;
import io.datapunk.vectors.neighbours.OutliersJob;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Computes of a whole collection what its rows are near to, belong to, and differ from: tables of the lake. */
final class VectorTablesRun {
    private static final int MOST_CLUSTERS = 10_000;

    /** A row, as {@code --json} prints it. */
    record Row(String id, String text) {
        static Row of(ClusterJob.Representative row) {
            return new Row(row.id(), row.text().orElse(null));
        }
    }

    /** A cluster, with the rows that represent it. */
    record Cluster(int cluster, String label, long rows, List<Row> representatives) {
        static Cluster of(ClusterJob.Cluster found) {
            return new Cluster(
                    found.cluster(),
                    found.label().orElse(null),
                    found.rows(),
                    found.representatives().stream().map(Row::of).toList());
        }
    }

    /** The clusters of a collection. */
    record Clusters(String collection, long vectorsVersion, long rows, List<Cluster> clusters) {}

    /** A row that stands apart. */
    record Outlier(String id, double factor, String text) {
        static Outlier of(OutliersJob.Outlier found) {
            return new Outlier(found.id(), found.factor(), found.text().orElse(null));
        }
    }

    /** The rows of a collection that stand most apart. */
    record Outliers(String collection, long indexVersion, long rows, List<Outlier> most) {}

    private final Invocation invocation;
    private final LakeConfig config;
    private final LakeHome home;

    VectorTablesRun(Invocation invocation) {
        this.invocation = invocation;
        this.config = invocation.config();
        this.home = LakeHome.openExisting(config);
        invocation.refuseDryRun(
                "this", "what would be found is known only when it is", "its table is the only thing that it changes");
    }

    Outcome neighbours(String collection, Optional<String> searched, int most) {
        VectorSearchRun.requirePossible("--top", most);
        NeighboursJob.Request request = new NeighboursJob.Request(
                config.vectors().require(collection),
                config.vectors().require(searched.orElse(collection)),
                most,
                invocation.now());
        NeighboursJob.Report report =
                new NeighboursJob(LakeSession.open(config, home), config, home).run(request, invocation.progress());
        return Outcome.of(
                report,
                out -> out.println("vectors.neighbours has " + Amounts.of(report.rows(), "neighbours")
                        + " of collection "
                        + report.collection() + ", looked for in version " + report.indexVersion() + " of the index of "
                        + report.searched() + "."));
    }

    Outcome cluster(String collection, OptionalInt wanted) {
        wanted.ifPresent(number -> {
            if (number < 1 || number > MOST_CLUSTERS) {
                throw LakeException.usage(
                        "so many clusters cannot be found",
                        "--clusters is " + number,
                        "give it a number from 1 to " + MOST_CLUSTERS);
            }
        });
        ClusterJob.Request request =
                new ClusterJob.Request(config.vectors().require(collection), wanted, invocation.now());
        ClusterJob.Report report =
                new ClusterJob(LakeSession.open(config, home), config, home).run(request, invocation.progress());
        Clusters clusters = new Clusters(
                report.collection(),
                report.vectorsVersion(),
                report.rows(),
                report.clusters().stream().map(Cluster::of).toList());
        return Outcome.of(clusters, out -> printClusters(clusters, out));
    }

    private static void printClusters(Clusters found, PrintWriter out) {
        TextTable table = new TextTable(List.of("CLUSTER", "ROWS", "LABEL", "MOST TYPICAL"), Set.of("CLUSTER", "ROWS"));
        for (Cluster cluster : found.clusters()) {
            Row typical = cluster.representatives().get(0);
            table.add(
                    Integer.toString(cluster.cluster()),
                    Amounts.count(cluster.rows()),
                    cluster.label() == null ? "" : cluster.label(),
                    typical.text() == null ? typical.id() : VectorSearchRun.shortened(typical.text()));
        }
        table.print(out);
        out.println(Amounts.of(found.rows(), "rows") + " in "
                + Amounts.of(found.clusters().size(), "clusters") + "; each row's is in vectors.clusters.");
    }

    Outcome outliers(String collection, int neighbours, int shown) {
        VectorSearchRun.requirePossible("--neighbours", neighbours);
        VectorSearchRun.requirePossible("--top", shown);
        OutliersJob.Request request =
                new OutliersJob.Request(config.vectors().require(collection), neighbours, shown, invocation.now());
        OutliersJob.Report report =
                new OutliersJob(LakeSession.open(config, home), config, home).run(request, invocation.progress());
        Outliers outliers = new Outliers(
                report.collection(),
                report.indexVersion(),
                report.rows(),
                report.most().stream().map(Outlier::of).toList());
        return Outcome.of(outliers, out -> printOutliers(outliers, out));
    }

    private static void printOutliers(Outliers found, PrintWriter out) {
        TextTable table = new TextTable(List.of("FACTOR", "ID", "TEXT"), Set.of("FACTOR"));
        found.most()
                .forEach(row -> table.add(
                        String.format(Locale.ROOT, "%.2f", row.factor()),
                        row.id(),
                        row.text() == null ? "" : VectorSearchRun.shortened(row.text())));
        table.print(out);
        out.println("The factors of " + Amounts.of(found.rows(), "rows")
                + " are in vectors.outliers; about 1 is what lies within a cluster.");
    }
}
