package io.datapunk.archive.backup.retention;

import io.datapunk.archive.backup.point.PointName;
import io.datapunk.lake.config.BackupConfig;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.IsoFields;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Which restore points the rules keep: of each day, week and month in UTC the last one, for as long as the rule says. The
 * newest of all stays, however old it is.
 */
final class PointRetention {
    private final BackupConfig.Keep keep;

    PointRetention(BackupConfig.Keep keep) {
        this.keep = keep;
    }

    /** Those that no rule keeps, in order of their times. */
    List<PointName> expired(Collection<PointName> points, Instant now) {
        List<PointName> forCompliance =
                points.stream().filter(PointName::isForCompliance).toList();
        Set<PointName> kept = new TreeSet<>();
        kept.addAll(
                lastOfEach(points, keep.daily(), now, time -> time.toLocalDate().toString()));
        kept.addAll(lastOfEach(points, keep.weekly(), now, PointRetention::week));
        kept.addAll(lastOfEach(points, keep.monthly(), now, time -> time.getYear() + "-" + time.getMonthValue()));
        kept.addAll(lastOfEach(forCompliance, keep.compliance(), now, PointRetention::week));
        points.stream().max(PointName::compareTo).ifPresent(kept::add);
        return points.stream().filter(point -> !kept.contains(point)).sorted().toList();
    }

    private static Collection<PointName> lastOfEach(
            Collection<PointName> points, Duration kept, Instant now, Function<ZonedDateTime, String> period) {
        Map<String, PointName> last = new TreeMap<>();
        for (PointName point : points) {
            if (!point.createdAt().plus(kept).isBefore(now)) {
                last.merge(
                        period.apply(point.createdAt().atZone(ZoneOffset.UTC)),
                        point,
                        (one, other) -> one.compareTo(other) > 0 ? one : other);
            }
        }
        return last.values();
    }

    private static String week(ZonedDateTime time) {
        return time.get(IsoFields.WEEK_BASED_YEAR) + "-" + time.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR);
    }
}
