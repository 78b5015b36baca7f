package io.datapunk.cli;

import io.datapunk.archive.backup.point.PointName;
import io.datapunk.archive.backup.repository.Backups;
import io.datapunk.archive.backup.restore.DrillHistory;
import io.datapunk.archive.backup.restore.DrillHistory.Held;
import io.datapunk.cli.Doctor.Check;
import io.datapunk.cli.Doctor.Health;
import io.datapunk.lake.config.BackupConfig;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.LakeException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Whether backups are young enough, lie in each of their places, and were restored for trial. Reads names, no backup. */
final class BackupChecks {
    private static final String BACKUPS = "backups";
    private static final String DRILLS = "backup drills";

    private final LakeConfig config;
    private final LakeHome home;
    private final Instant now;
    private final List<Check> checks = new ArrayList<>();

    BackupChecks(LakeConfig config, LakeHome home, Instant now) {
        this.config = config;
        this.home = home;
        this.now = now;
    }

    List<Check> all() {
        SortedMap<String, Optional<PointName>> newest = newestByLocation();
        Optional<PointName> last =
                newest.values().stream().flatMap(Optional::stream).max(Comparator.naturalOrder());
        if (last.isPresent()) {
            examine(last.get(), newest);
            examineDrills();
        } else if (!newest.isEmpty()) {
            warn(BACKUPS, "there is none", "`lake backup create`, every day; docs/how-to/backups.md says how");
        }
        return checks;
    }

    /** Of the locations that can be reached. */
    private SortedMap<String, Optional<PointName>> newestByLocation() {
        SortedMap<String, Optional<PointName>> newest = new TreeMap<>();
        Backups backups = new Backups(config);
        for (String location : config.backup().locations(home)) {
            try {
                newest.put(location, backups.points(location).stream().max(Comparator.naturalOrder()));
            } catch (IOException e) {
                LakeException problem = Backups.outOfReach(location, e);
                warn(BACKUPS, problem.problem() + ": " + problem.reason(), problem.remedy());
            }
        }
        return newest;
    }

    private void examine(PointName last, SortedMap<String, Optional<PointName>> newest) {
        Duration age = Duration.between(last.createdAt(), now);
        Duration allowed = config.backup().drill().age();
        if (age.compareTo(allowed) > 0) {
            warn(
                    BACKUPS,
                    "the newest restore point " + last + " is " + text(age) + " old, and " + text(allowed)
                            + " are allowed",
                    "`lake backup create`");
        }
        newest.forEach((location, point) -> {
            if (!point.equals(Optional.of(last))) {
                warn(
                        BACKUPS,
                        location + " lacks the newest restore point " + last,
                        "`lake backup create` makes one there, too; `lake doctor --deep --repair` copies the older ones");
            }
        });
        if (config.backup().areInHome(home)) {
            warn(
                    BACKUPS,
                    "they lie in the lake's own folder and are lost together with it",
                    "name other places in lake.backup.locations");
        }
        if (checks.isEmpty()) {
            checks.add(new Check(
                    BACKUPS,
                    Health.OK,
                    "the newest restore point " + last + " is " + text(age) + " old, and in "
                            + Amounts.of(newest.size(), "locations"),
                    ""));
        }
    }

    private void examineDrills() {
        List<Held> drills;
        try {
            drills = DrillHistory.read(config, home);
        } catch (LakeException e) {
            warn(DRILLS, e.problem() + ": " + e.reason(), e.remedy());
            return;
        }
        BackupConfig.Drill wanted = config.backup().drill();
        Optional<Duration> passed = drills.stream()
                .filter(Held::passed)
                .map(drill -> Duration.between(drill.at(), now))
                .min(Comparator.naturalOrder());
        Optional<Held> newest = drills.stream().max(Comparator.comparing(Held::at));
        if (newest.isPresent() && !newest.get().passed()) {
            warn(
                    DRILLS,
                    "the newest, of " + newest.get().at() + ", was not passed: "
                            + newest.get().findings().replace("\n", "; "),
                    "`lake backup verify`, then `lake backup drill`");
        } else if (passed.isEmpty()) {
            warn(DRILLS, "no backup was restored for trial yet", "`lake backup drill`");
        } else if (passed.get().compareTo(wanted.every()) > 0) {
            warn(
                    DRILLS,
                    "the newest that was passed is " + text(passed.get()) + " old, and " + text(wanted.every())
                            + " are allowed",
                    "`lake backup drill`");
        } else {
            checks.add(new Check(DRILLS, Health.OK, "the newest, " + text(passed.get()) + " ago, was passed", ""));
        }
    }

    private void warn(String check, String finding, String remedy) {
        checks.add(new Check(check, Health.WARNING, finding, remedy));
    }

    private static String text(Duration duration) {
        return duration.toDays() >= 3 ? duration.toDays() + " d" : duration.toHours() + " h";
    }
}
