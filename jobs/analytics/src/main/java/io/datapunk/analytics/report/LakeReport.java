package io.datapunk.analytics.report;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonFormat.Shape;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * What the page tells. Its members are what the page's script reads, in snake case; records of which there are thousands are
 * lists of their values.
 *
 * @param since from when on moves, imports and measurements are told
 * @param attention what somebody should look at, the worst first
 * @param datasets names that partitions refer to by their place
 * @param problems what could not be asked
 */
record LakeReport(
        Instant at,
        Instant since,
        String lake,
        List<Attention.Item> attention,
        List<String> datasets,
        List<Partition> partitions,
        List<Move> moves,
        boolean allMoves,
        List<Import> imports,
        List<Quarantined> quarantine,
        List<Score> scores,
        List<Check> checks,
        List<Size> sizes,
        List<Expected> expected,
        List<TierCost> costs,
        Queries queries,
        Tuning tuning,
        Audit audit,
        List<Upkeep> upkeep,
        List<Compliance> compliance,
        Optional<Drill> drill,
        List<String> problems) {
    /**
     * A partition as it is.
     *
     * @param value of its column, as {@code month=2026-01}; empty where the table has none
     * @param tier {@code HOT}, {@code WARM}, {@code COLD}, {@code MIXED}, or {@code STALE} where PostgreSQL serves an older one
     * @param rows null where its files carry no count
     * @param accesses in the last 30 days
     */
    @JsonFormat(shape = Shape.ARRAY)
    record Partition(int dataset, String value, String tier, long bytes, Long rows, long accesses) {}

    /** @param at when it ended, or was planned where it did not begin */
    @JsonFormat(shape = Shape.ARRAY)
    record Move(
            Instant at,
            String partition,
            String from,
            String to,
            String state,
            long bytes,
            String reason,
            String error) {}

    @JsonFormat(shape = Shape.ARRAY)
    record Import(
            Instant startedAt,
            String importId,
            String status,
            long read,
            long accepted,
            long duplicates,
            long quarantined,
            long bytes) {}

    /** @param openSince of the oldest that nobody has reviewed; null where all are */
    record Quarantined(String check, String state, long records, Instant openSince, String example) {}

    /** @param failing rules that do not hold */
    record Score(String dataset, Instant at, double score, long failing) {}

    record Check(
            String dataset, String rule, String checkType, boolean passed, double score, Long failing, String detail) {}

    record Size(String subject, String name, LocalDate day, double bytes) {}

    /** @param capacity null where it is not known */
    record Expected(
            String subject, String name, LocalDate day, double bytes, double low, double high, Double capacity) {}

    /**
     * What a tier costs by the prices in {@code lake.tiering.prices}.
     *
     * @param accesses in the last 30 days
     * @param storageDollars a month
     * @param accessDollars for those accesses
     */
    record TierCost(
            String tier, long partitions, long bytes, long accesses, double storageDollars, double accessDollars) {}

    /** @param unknownBecause empty where the server told its slow queries */
    record Queries(List<SlowQuery> slow, String unknownBecause) {}

    /** Times in milliseconds. */
    record SlowQuery(String query, long calls, double meanMs, double maxMs, double totalMs, Double cacheHitRatio) {}

    /** @param at when somebody asked for advice last; null where nobody has */
    record Tuning(Instant at, List<Advice> advice) {}

    /** A change that was tried and found worth it, as {@code lake.advice} has it. */
    record Advice(
            String kind,
            String subject,
            String evidence,
            String measure,
            double before,
            double after,
            String measuredOn,
            String statement) {}

    /**
     * What proves the audit log.
     *
     * @param note the newest signed head; empty where none is signed
     * @param path hashes that prove the newest signed entry
     * @param damages where it is not what was written
     */
    record Audit(
            long entries,
            String root,
            long signedEntries,
            int copies,
            String note,
            String verifier,
            String leafHash,
            List<String> path,
            List<String> damages) {}

    /** What the last run of a task has changed, summed over all that it worked on. */
    record Upkeep(String task, Instant at, String figure, long subjects, double before, double after) {}

    record Compliance(
            Instant at,
            String section,
            String subject,
            String measure,
            Double value,
            String detail,
            boolean isFinding) {}

    record Drill(Instant at, boolean passed, double seconds, double allowedSeconds, String findings) {}
}
