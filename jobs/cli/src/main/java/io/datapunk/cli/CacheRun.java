package io.datapunk.cli;

import io.datapunk.analytics.cache.CacheJob;
import io.datapunk.analytics.cache.CacheJob.Cached;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.spark.LakeSession;
import java.io.PrintWriter;
import java.util.List;
import java.util.Set;

/** Caches published tables, and tells what has changed. */
final class CacheRun {
    private final Invocation invocation;

    CacheRun(Invocation invocation) {
        this.invocation = invocation;
    }

    Outcome run() {
        LakeConfig config = invocation.config();
        LakeHome home = LakeHome.openExisting(config);
        List<Cached> cached = new CacheJob(LakeSession.open(config, home), config, home)
                .run(invocation.dryRun(), invocation.progress());
        return Outcome.of(cached, out -> print(cached, out));
    }

    private void print(List<Cached> cached, PrintWriter out) {
        TextTable table = new TextTable(
                List.of("TABLE", "KEYS", "UPDATED", "REMOVED", "LIVE FOR"),
                Set.of("KEYS", "UPDATED", "REMOVED", "LIVE FOR"));
        cached.forEach(one -> table.add(
                one.table(),
                Amounts.count(one.keys()),
                Amounts.count(one.updated()),
                Amounts.count(one.removed()),
                Amounts.of(one.secondsToLive(), "seconds")));
        table.print(out);
        if (invocation.dryRun()) {
            out.println("Nothing was cached: this was a dry run.");
        }
    }
}
