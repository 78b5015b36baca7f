package io.datapunk.ingest.job;

import io.datapunk.lake.model.DatasetName;
import java.io.Serializable;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a task found: counts only, however many rows it staged. */
final class UnitResult implements Serializable {
    private static final long serialVersionUID = 1;

    /** A damaged export can have a reason for every entry; more than these of one check are told together. */
    private static final int MOST_REASONS = 50;

    private static final String OTHER = "other reasons";

    private final TreeMap<String, TreeMap<String, Long>> rowsByMonth = new TreeMap<>();
    private final TreeMap<String, Long> stagedBytes = new TreeMap<>();
    private final TreeMap<String, Parsed> parsers = new TreeMap<>();
    private final TreeMap<String, TreeMap<String, Long>> rejects = new TreeMap<>();
    private final TreeSet<String> countedInRanges = new TreeSet<>();
    private long read;
    private long quarantined;

    /** What a parser has read; files count where their first byte was read. */
    record Parsed(int version, long files, long bytes, long read, long quarantined) implements Serializable {
        Parsed plus(Parsed other) {
            return new Parsed(
                    Math.max(version, other.version),
                    files + other.files,
                    bytes + other.bytes,
                    read + other.read,
                    quarantined + other.quarantined);
        }
    }

    void addParsed(String parser, Parsed parsed) {
        parsers.merge(parser, parsed, Parsed::plus);
    }

    void addRow(DatasetName dataset, String month) {
        rowsByMonth.computeIfAbsent(dataset.toString(), name -> new TreeMap<>()).merge(month, 1L, Long::sum);
        read++;
    }

    /** Notes that rows of a dataset were counted within a range of their entry only. */
    void addCountedInRange(DatasetName dataset) {
        countedInRanges.add(dataset.toString());
    }

    boolean hasCountedInRanges(DatasetName dataset) {
        return countedInRanges.contains(dataset.toString());
    }

    void addReject(String check, String reason) {
        TreeMap<String, Long> reasons = rejects.computeIfAbsent(check, name -> new TreeMap<>());
        reasons.merge(reasons.size() < MOST_REASONS || reasons.containsKey(reason) ? reason : OTHER, 1L, Long::sum);
        read++;
        quarantined++;
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
        countedInRanges.addAll(other.countedInRanges);
        read += other.read;
        quarantined += other.quarantined;
        other.parsers.forEach(this::addParsed);
        other.rejects.forEach((check, reasons) -> {
            TreeMap<String, Long> mine = rejects.computeIfAbsent(check, name -> new TreeMap<>());
            reasons.forEach((reason, records) -> mine.merge(reason, records, Long::sum));
        });
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

    TreeMap<String, Parsed> parsers() {
        return parsers;
    }

    /** Rejects by check and reason. */
    TreeMap<String, TreeMap<String, Long>> rejects() {
        return rejects;
    }
}
