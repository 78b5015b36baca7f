package io.datapunk.cli;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.spark.LakeSession;
import io.datapunk.maintenance.advice.Advice;
import io.datapunk.maintenance.advice.AdviseJob;
import io.datapunk.maintenance.advice.Advised;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** {@code lake doctor --advise}: what would make the lake faster or smaller. */
final class AdviseRun {
    /** As {@code --json} prints it. */
    record Told(boolean dryRun, List<Advice> advice) {}

    private final Invocation invocation;

    AdviseRun(Invocation invocation) {
        this.invocation = invocation;
    }

    Outcome run() {
        LakeConfig config = invocation.config();
        LakeHome home = LakeHome.openExisting(config);
        Advised advised;
        try (OpenServer server = new OpenServer(config.postgres(), home)) {
            advised = new AdviseJob(config, home, () -> LakeSession.open(config, home), server::get)
                    .run(invocation.now(), invocation.dryRun(), invocation.progress());
        }
        return new Outcome(
                new Told(invocation.dryRun(), advised.advice()),
                out -> print(advised.advice(), out),
                advised.problems(),
                Optional.empty());
    }

    private void print(List<Advice> advice, PrintWriter out) {
        if (advice.isEmpty()) {
            out.println("Nothing was found that would be worth a change.");
        }
        for (Advice one : advice) {
            out.println(one.kind().toString().replace('_', ' ') + ": " + one.subject());
            out.println("  seen:     " + one.evidence());
            out.println("  measured: " + measured(one.effect()));
            out.println("  do:       " + one.statement());
        }
        if (invocation.dryRun()) {
            out.println("lake.advice was not written: this was a dry run.");
        }
    }

    private static String measured(Advice.Effect effect) {
        return String.format(
                Locale.ROOT,
                "%s %,.0f before, %,.0f after: %s",
                effect.measure().replace('_', ' '),
                effect.before(),
                effect.after(),
                effect.measuredOn());
    }
}
