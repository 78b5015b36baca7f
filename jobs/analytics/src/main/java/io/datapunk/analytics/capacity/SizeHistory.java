package io.datapunk.analytics.capacity;

import io.datapunk.analytics.capacity.Subject.Kind;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.TableChanges;
import io.datapunk.lake.model.table.PublishedColumns;
import io.datapunk.lake.model.table.StorageTables;
import java.time.LocalDate;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * Sizes by day: as they were measured, the last of each day. The days before the first measurement are those of the files that
 * are there still, by when they were written; what has been deleted since is missing there.
 */
final class SizeHistory {
    private final Map<Subject, SortedMap<LocalDate, Double>> sizes = new TreeMap<>();

    static SizeHistory read(SparkSession spark, LakeHome home, TableChanges changes) {
        SizeHistory history = new SizeHistory();
        if (changes.newest(StorageTables.MEASURED.name()).isPresent()) {
            spark.read()
                    .format("delta")
                    .load(home.tablePath(StorageTables.MEASURED.name()))
                    .where(functions.col(StorageTables.METRIC).equalTo(Reading.BYTES))
                    .groupBy(
                            functions.col(StorageTables.SUBJECT),
                            functions.col(StorageTables.NAME),
                            functions.unix_date(
                                    functions.col(PublishedColumns.COMPUTED_AT).cast("date")))
                    .agg(functions.max_by(
                            functions.col(StorageTables.VALUE), functions.col(PublishedColumns.COMPUTED_AT)))
                    .collectAsList()
                    .forEach(row -> history.add(
                            new Subject(Kind.valueOf(row.getString(0).toUpperCase(Locale.ROOT)), row.getString(1)),
                            LocalDate.ofEpochDay(row.getInt(2)),
                            row.getDouble(3)));
        }
        return history;
    }

    void add(Subject subject, LocalDate day, double bytes) {
        sizes.computeIfAbsent(subject, any -> new TreeMap<>()).put(day, bytes);
    }

    /** @param writtenByDay bytes of the files that are there, by the day when they were written */
    void addWritten(Subject subject, SortedMap<LocalDate, Double> writtenByDay) {
        SortedMap<LocalDate, Double> measured = sizes.computeIfAbsent(subject, any -> new TreeMap<>());
        LocalDate first = measured.isEmpty() ? LocalDate.MAX : measured.firstKey();
        double sum = 0;
        for (Map.Entry<LocalDate, Double> day : writtenByDay.entrySet()) {
            sum += day.getValue();
            if (day.getKey().isBefore(first)) {
                measured.put(day.getKey(), sum);
            }
        }
    }

    /** Each day from the first to the last; one that was not measured has the size of the day before. */
    double[] series(Subject subject) {
        SortedMap<LocalDate, Double> measured = sizes.get(subject);
        LocalDate first = measured.firstKey();
        double[] series = new double[(int) (measured.lastKey().toEpochDay() - first.toEpochDay()) + 1];
        double last = 0;
        for (int day = 0; day < series.length; day++) {
            last = measured.getOrDefault(first.plusDays(day), last);
            series[day] = last;
        }
        return series;
    }

    LocalDate first(Subject subject) {
        return sizes.get(subject).firstKey();
    }
}
