package io.datapunk.cli;

import io.datapunk.analytics.PublishedTables;
import io.datapunk.analytics.publish.PublishJob;
import io.datapunk.analytics.publish.PublishJob.Published;
import io.datapunk.analytics.publish.PublishJob.Refresh;
import io.datapunk.cli.export.Input;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.spark.LakeSession;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Publishes tables, and tells what was computed. */
final class PublishRun {
    private final Invocation invocation;
    private final LakeConfig config;
    private final LakeHome home;

    PublishRun(Invocation invocation) {
        this.invocation = invocation;
        this.config = invocation.config();
        this.home = LakeHome.openExisting(config);
    }

    Outcome run(List<String> tables, boolean full) {
        PublishJob.Request request = new PublishJob.Request(
                PublishedTables.named(config.analytics(), tables), full, invocation.dryRun(), invocation.now());
        List<Published> published =
                new PublishJob(() -> LakeSession.open(config, home), config, home).run(request, invocation.progress());
        return Outcome.of(published, out -> print(published, out)).withInputs(read(published));
    }

    /** What is up to date was not read again. */
    private static List<Input.Table> read(List<Published> published) {
        return published.stream()
                .filter(one -> one.refresh() == Refresh.FULL || one.refresh() == Refresh.MONTHS)
                .flatMap(one -> one.sources().stream())
                .map(Input.Table::parse)
                .toList();
    }

    private void print(List<Published> published, PrintWriter out) {
        TextTable table = new TextTable(List.of("TABLE", "COMPUTED", "ROWS", "SECONDS"), Set.of("ROWS", "SECONDS"));
        published.forEach(one -> table.add(
                one.table(),
                computed(one),
                Amounts.count(one.rows()),
                String.format(Locale.ROOT, "%.1f", one.seconds())));
        table.print(out);
        if (invocation.dryRun()) {
            out.println("Nothing was computed: this was a dry run.");
        }
    }

    private static String computed(Published published) {
        return switch (published.refresh()) {
            case NO_SOURCE -> "its sources do not exist";
            case UNCHANGED -> "up to date";
            case FULL -> "all";
            case MONTHS ->
                published.months().size() <= 3
                        ? String.join(", ", published.months())
                        : Amounts.of(published.months().size(), "months");
        };
    }
}
