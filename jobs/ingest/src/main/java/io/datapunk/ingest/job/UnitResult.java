package io.datapunk.ingest.job;

import io.datapunk.lake.model.DatasetName;
import java.io.Serializable;
import java.util.TreeMap;

/** What a task found: counts only, however many rows it staged. */
final class UnitResult implements Serializable {
    private static final long serialVersionUID = 1;

    private final TreeMap<String, TreeMap<String, Long>> rowsByMonth = new TreeMap<>();
    private final TreeMap<String, Long> stagedBytes = new TreeMap<>();
    private long read;
    private long quarantined;
    private long bytes;

    void addRow(DatasetName dataset, String month) {
        rowsByMonth.computeIfAbsent(dataset.toString(), name -> new TreeMap<>()).merge(month, 1L, Long::sum);
        read++;
    }

    void addReject() {
        read++;
        quarantined++;
    }

    void addBytes(long more) {
        bytes += more;
    }

    void addStagedBytes(String table, long more) {
        stagedBytes.merge(table, more, Long::sum);
    }

    UnitResult plus(UnitResult other) {
        other.rowsByMonth.forEach((dataset, months) -> {
            TreeMap<String, Long> mine = rowsByMonth.computeIfAbsent(dataset, name -> new TreeMap<>());
            months.forEach((month, rows) -> mine.merge(month, rows, Long::sum));
        });
        other.stagedBytes.forEach((table, more) -> stagedBytes.merge(table, more, Long::sum));
        read += other.read;
        quarantined += other.quarantined;
        bytes += other.bytes;
        return this;
    }

    /** Rows of a dataset by month. */
    TreeMap<String, Long> months(DatasetName dataset) {
        return rowsByMonth.getOrDefault(dataset.toString(), new TreeMap<>());
    }

    long rows(DatasetName dataset) {
        return months(dataset).values().stream().mapToLong(Long::longValue).sum();
    }

    long rows() {
        return read - quarantined;
    }

    /** Size of a table's staged files. */
    long stagedBytes(String table) {
        return stagedBytes.getOrDefault(table, 0L);
    }

    long read() {
        return read;
    }

    long quarantined() {
        return quarantined;
    }

    /** Bytes read from entries, decompressed. */
    long bytes() {
        return bytes;
    }
}
