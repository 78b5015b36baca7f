package io.datapunk.analytics.capacity;

import io.datapunk.analytics.capacity.Subject.Kind;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.CompressionRatios;
import io.datapunk.lake.delta.FileTags;
import io.datapunk.lake.delta.TableLog;
import io.datapunk.lake.delta.TableSnapshot;
import io.datapunk.lake.delta.WrittenBytes;
import io.datapunk.lake.model.DataFile;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.PartitionFiles;
import io.datapunk.lake.model.Tier;
import io.datapunk.lake.postgres.HotStoreUnavailableException;
import io.datapunk.lake.postgres.PostgresServer;
import io.datapunk.lake.postgres.ServerStatistics;
import io.datapunk.lake.storage.Stores;
import io.datapunk.lake.storage.Volumes;
import io.datapunk.lake.storage.Volumes.Volume;
import java.io.IOException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.commons.math3.stat.StatUtils;

/** Measures how much room the lake takes, from the tables' logs, the disks and PostgreSQL. Needs no Spark. */
final class LakeMeasures {
    static final Subject LAKE = new Subject(Kind.LAKE, "tables");

    /** A file below is small where its partition has others. [ours: a quarter of a row group] */
    private static final long SMALL_BYTES = 16L << 20;

    private static final int FOOTERS = 5;

    private final LakeConfig config;
    private final LakeHome home;
    private final List<Reading> readings = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private final SortedMap<LocalDate, Double> writtenByDay = new TreeMap<>();

    private LakeMeasures(LakeConfig config, LakeHome home) {
        this.config = config;
        this.home = home;
    }

    static LakeMeasures take(LakeConfig config, LakeHome home) {
        LakeMeasures measures = new LakeMeasures(config, home);
        measures.tables();
        measures.volumes();
        measures.postgres();
        return measures;
    }

    List<Reading> readings() {
        return readings;
    }

    /** What could not be measured, and why. */
    List<String> problems() {
        return problems;
    }

    /** Bytes of the files that are there now, by the day when they were written. */
    SortedMap<LocalDate, Double> writtenByDay() {
        return writtenByDay;
    }

    private void tables() {
        TableLog log = TableLog.of(config, home);
        Map<Tier, Double> tiers = new EnumMap<>(Map.of(Tier.WARM, 0.0, Tier.COLD, 0.0));
        CompressionRatios ratios = new CompressionRatios(home, Stores.configuration(config));
        WrittenBytes written = new WrittenBytes(0, 0);
        double all = 0;
        for (DatasetName dataset : log.tables()) {
            TableSnapshot table = log.snapshot(dataset).orElse(null);
            if (table == null) {
                continue;
            }
            all += table.bytes();
            measure(table);
            for (PartitionFiles partition : table.partitions()) {
                for (DataFile file : partition.files()) {
                    tiers.merge(file.isCold() ? Tier.COLD : Tier.WARM, (double) file.bytes(), Double::sum);
                    writtenByDay.merge(day(file), (double) file.bytes(), Double::sum);
                }
            }
            written = written.plus(WrittenBytes.of(log, dataset));
            compression(ratios, table);
        }
        add(LAKE, Reading.BYTES, all);
        tiers.forEach((tier, bytes) -> add(new Subject(Kind.TIER, tier.name()), Reading.BYTES, bytes));
        ratios.ratios().forEach((codec, ratio) -> add(LAKE, Reading.COMPRESSION_RATIO + ":" + codec, ratio));
        if (written.fresh() > 0) {
            add(LAKE, Reading.WRITE_AMPLIFICATION, (double) written.all() / written.fresh());
        }
    }

    private void measure(TableSnapshot table) {
        Subject subject = new Subject(Kind.DATASET, table.dataset().toString());
        add(subject, Reading.BYTES, table.bytes());
        add(subject, Reading.FILES, table.files());
        add(subject, Reading.PARTITIONS, table.partitions().size());
        if (table.rows() != DataFile.ROWS_UNKNOWN) {
            add(subject, Reading.ROWS, table.rows());
        }
        add(
                subject,
                Reading.SMALL_FILES,
                table.partitions().stream()
                        .filter(partition -> partition.files().size() > 1)
                        .flatMap(partition -> partition.files().stream())
                        .filter(file -> file.bytes() < SMALL_BYTES)
                        .count());
        double[] sizes =
                table.partitions().stream().mapToDouble(PartitionFiles::bytes).toArray();
        if (sizes.length > 1) {
            add(subject, Reading.SKEW, StatUtils.max(sizes) / Math.max(1, StatUtils.percentile(sizes, 50)));
        }
    }

    private void compression(CompressionRatios ratios, TableSnapshot table) {
        List<DataFile> files = table.partitions().stream()
                .flatMap(partition -> partition.files().stream())
                .toList();
        try {
            ratios.add(table.dataset(), files, FOOTERS);
        } catch (IOException | RuntimeException e) {
            problems.add("how well the files of " + table.dataset() + " are compressed was not measured: "
                    + e.getClass().getSimpleName());
        }
    }

    private static LocalDate day(DataFile file) {
        return LocalDate.ofInstant(FileTags.writtenAt(file), ZoneOffset.UTC);
    }

    private void volumes() {
        try {
            for (Volume volume : Volumes.of(home).all()) {
                Subject subject = new Subject(Kind.VOLUME, volume.name());
                add(subject, Reading.BYTES, volume.used());
                add(subject, Reading.CAPACITY_BYTES, volume.size());
            }
        } catch (LakeException e) {
            problems.add(e.getMessage());
        }
    }

    /** Of one that runs: it is not started to be asked. */
    private void postgres() {
        try {
            PostgresServer.running(config.postgres(), home)
                    .map(ServerStatistics::read)
                    .ifPresent(server -> {
                        Subject subject = new Subject(Kind.POSTGRES, "database");
                        add(subject, Reading.BYTES, server.databaseBytes());
                        add(subject, Reading.CONNECTIONS, server.connections());
                        add(subject, Reading.MAX_CONNECTIONS, server.maxConnections());
                        server.cacheHits().ifPresent(hits -> add(subject, Reading.CACHE_HIT_RATIO, hits));
                    });
        } catch (HotStoreUnavailableException e) {
            problems.add("PostgreSQL was not measured: " + e.getMessage());
        }
    }

    private void add(Subject subject, String metric, double value) {
        readings.add(new Reading(subject, metric, value));
    }
}
