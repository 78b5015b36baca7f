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
        return Outcome.of(report, out -> printClusters(report, out));
    }

    private static void printClusters(ClusterJob.Report report, PrintWriter out) {
        TextTable table = new TextTable(List.of("CLUSTER", "ROWS", "LABEL", "MOST TYPICAL"), Set.of("CLUSTER", "ROWS"));
        for (ClusterJob.Cluster cluster : report.clusters()) {
            ClusterJob.Representative typical = cluster.representatives().get(0);
            table.add(
                    Integer.toString(cluster.cluster()),
                    Amounts.count(cluster.rows()),
                    cluster.label().orElse(""),
                    typical.text().map(VectorSearchRun::shortened).orElse(typical.id()));
        }
        table.print(out);
        out.println(Amounts.of(report.rows(), "rows") + " in "
                + Amounts.of(report.clusters().size(), "clusters") + "; each row's is in vectors.clusters.");
    }

    Outcome outliers(String collection, int neighbours, int shown) {
        VectorSearchRun.requirePossible("--neighbours", neighbours);
        VectorSearchRun.requirePossible("--top", shown);
        OutliersJob.Request request =
                new OutliersJob.Request(config.vectors().require(collection), neighbours, shown, invocation.now());
        OutliersJob.Report report =
                new OutliersJob(LakeSession.open(config, home), config, home).run(request, invocation.progress());
        return Outcome.of(report, out -> printOutliers(report, out));
    }

    private static void printOutliers(OutliersJob.Report report, PrintWriter out) {
        TextTable table = new TextTable(List.of("FACTOR", "ID", "TEXT"), Set.of("FACTOR"));
        report.most()
                .forEach(row -> table.add(
                        String.format(Locale.ROOT, "%.2f", row.factor()),
                        row.id(),
                        row.text().map(VectorSearchRun::shortened).orElse("")));
        table.print(out);
        out.println("The factors of " + Amounts.of(report.rows(), "rows")
                + " are in vectors.outliers; about 1 is what lies within a cluster.");
    }
}
