package io.datapunk.cli;

import io.datapunk.archive.backup.point.PointName;
import io.datapunk.archive.backup.restore.RestorePostgresJob;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.postgres.PostgresRecovery.Recovered;
import io.datapunk.lake.postgres.WalArchive;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Brings PostgreSQL back by a restore point and its archived log. */
final class PostgresRestoreRun {
    /** What was restored, as {@code --json} prints it; {@code lastChange} is null where none came after the restore point. */
    record Restored(String point, String home, String url, String lastChange, String before) {}

    private final Invocation invocation;

    PostgresRestoreRun(Invocation invocation) {
        this.invocation = invocation;
    }

    Outcome restore(Optional<Path> target, Optional<String> from, Optional<PointName> point, Optional<Instant> until) {
        invocation.refuseDryRun(
                "a restore", "`lake backup verify` tells whether it would succeed", "run it without --dry-run");
        LakeConfig config = invocation.config();
        List<String> locations =
                from.map(List::of).orElseGet(() -> config.backup().locations(LakeHome.of(config)));
        RestorePostgresJob.Request request = new RestorePostgresJob.Request(locations, point, until, invocation.now());
        if (target.isEmpty()) {
            return told(job(config, LakeHome.openExisting(config)).inPlace(request, invocation.progress()), config);
        }
        WalArchive.catchUp(config.postgres(), LakeHome.of(config));
        LakeConfig there =
                config.withHome(target.get().toAbsolutePath().normalize().toString());
        return told(job(there, LakeHome.of(there)).elsewhere(request, invocation.progress()), there);
    }

    private RestorePostgresJob job(LakeConfig config, LakeHome home) {
        return new RestorePostgresJob(config, home, new ErasedAgain(invocation, config));
    }

    private static Outcome told(RestorePostgresJob.Report report, LakeConfig config) {
        LakeHome home = LakeHome.of(config);
        Recovered recovered = report.recovered();
        String url = recovered.connection().url();
        Optional<String> last = recovered.lastChange().map(Instant::toString);
        Optional<String> before = recovered.aside().map(Path::toString);
        return Outcome.of(
                new Restored(report.point().text(), home.root(), url, last.orElse(null), before.orElse(null)), out -> {
                    out.println("Restored PostgreSQL of " + report.point()
                            + last.map(time -> ", and its log up to the change of " + time)
                                    .orElse("; its log has no change after that")
                            + ".");
                    before.ifPresent(folder -> out.println(
                            "What it had before lies in " + folder + ": remove it when you do not need it any more."));
                    out.println("It answers at " + url + " (user "
                            + config.postgres().user() + ", password in "
                            + home.postgresDirectory().resolve("password") + ").");
                });
    }
}
