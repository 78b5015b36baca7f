package io.datapunk.analytics.report;

import io.datapunk.analytics.report.LakeReport.Partition;
import io.datapunk.analytics.report.LakeReport.TierCost;
import io.datapunk.lake.config.TieringConfig.Prices;
import io.datapunk.lake.config.TieringConfig.TierPrices;
import io.datapunk.lake.delta.TableSnapshot;
import io.datapunk.lake.model.DataFile;
import io.datapunk.lake.model.FileTier;
import io.datapunk.lake.model.PartitionFiles;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.PartitionValue;
import io.datapunk.lake.model.Tier;
import io.datapunk.lake.postgres.Served;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Tells where each partition lies, how much it is read, and what a tier costs. Pure. */
final class PartitionMap {
    private static final String STALE = "STALE";
    private static final double GIGABYTE = 1e9;

    private final Map<PartitionName, Served> served;
    private final Map<String, Long> accesses;
    private final List<String> datasets = new ArrayList<>();
    private final List<Partition> partitions = new ArrayList<>();
    private final Map<Tier, Total> totals = new EnumMap<>(Tier.class);

    private static final class Total {
        private long partitions;
        private long bytes;
        private long accesses;
        private double bytesRead;
    }

    /** @param accesses of a month, by the partition's name */
    PartitionMap(Map<PartitionName, Served> served, Map<String, Long> accesses) {
        this.served = served;
        this.accesses = accesses;
        for (Tier tier : Tier.values()) {
            totals.put(tier, new Total());
        }
    }

    void add(TableSnapshot table) {
        datasets.add(table.dataset().toString());
        table.partitions().forEach(this::add);
    }

    private void add(PartitionFiles files) {
        PartitionName name = files.partition();
        Served copy = served.get(name);
        boolean isServed = copy != null && copy.state() == Served.State.SERVING;
        boolean isFresh = isServed && copy.fileSetHash().equals(files.fileSetHash());
        long read = accesses.getOrDefault(name.toString(), 0L);
        partitions.add(new Partition(
                datasets.size() - 1,
                name.value().map(PartitionValue::toString).orElse(""),
                isFresh ? Tier.HOT.name() : isServed ? STALE : files.tier().name(),
                files.bytes(),
                files.rows() == DataFile.ROWS_UNKNOWN ? null : files.rows(),
                read));
        for (DataFile file : files.files()) {
            totals.get(file.isCold() ? Tier.COLD : Tier.WARM).bytes += file.bytes();
        }
        Tier reads = isFresh ? Tier.HOT : files.tier() == FileTier.COLD ? Tier.COLD : Tier.WARM;
        totals.get(reads).accesses += read;
        totals.get(reads).bytesRead += (double) read * (isFresh ? copy.bytes() : files.bytes());
        totals.get(reads).partitions++;
        if (isServed) {
            totals.get(Tier.HOT).bytes += copy.bytes();
        }
    }

    List<String> datasets() {
        return datasets;
    }

    List<Partition> partitions() {
        return partitions;
    }

    /** A hot partition is paid for twice: its files stay where they are. An access reads a whole partition. */
    List<TierCost> costs(Prices prices) {
        Map<Tier, TierPrices> byTier =
                Map.of(Tier.HOT, prices.hot(), Tier.WARM, prices.warm(), Tier.COLD, prices.cold());
        List<TierCost> costs = new ArrayList<>();
        totals.forEach((tier, total) -> {
            TierPrices price = byTier.get(tier);
            costs.add(new TierCost(
                    tier.name(),
                    total.partitions,
                    total.bytes,
                    total.accesses,
                    total.bytes / GIGABYTE * price.storage(),
                    total.accesses * price.access() + total.bytesRead / GIGABYTE * price.read()));
        });
        return costs;
    }
}
