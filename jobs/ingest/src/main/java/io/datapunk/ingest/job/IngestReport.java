package io.datapunk.ingest.job;

import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.LakeException.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What an import did.
 *
 * @param importId names the import in every table
 * @param userId surrogate of the person
 * @param exportId name of the export, the same for all of its parts
 * @param containers names of the archives and folders
 * @param entries how many files they hold
 * @param bytes of all entries, decompressed
 * @param counts of the whole run; conserved
 * @param datasets rows by table: accepted ones and those left out
 * @param parsers what each parser read
 * @param rejects why records were rejected, the commonest reason first
 * @param warnings for the user
 * @param yieldFellShort whether a recognised format gave implausibly few rows
 * @param resumed whether it took up what an earlier attempt had left
 * @param took how long it ran
 */
public record IngestReport(
        String importId,
        String userId,
        String exportId,
        List<String> containers,
        long entries,
        long bytes,
        ImportCounts counts,
        Map<DatasetName, ImportCounts> datasets,
        List<ParserCounts> parsers,
        List<Reject> rejects,
        List<String> warnings,
        boolean yieldFellShort,
        boolean resumed,
        Duration took) {
    public IngestReport {
        containers = List.copyOf(containers);
        parsers = List.copyOf(parsers);
        rejects = List.copyOf(rejects);
        warnings = List.copyOf(warnings);
    }

    /**
     * What one parser read.
     *
     * @param parser name of the format; {@code none} for files that no parser reads
     */
    public record ParserCounts(String parser, long files, long bytes, ImportCounts counts) {}

    /**
     * A reason for rejecting records.
     *
     * @param check name of the check that failed
     * @param reason why, in words
     */
    public record Reject(String check, String reason, long records) {}

    /** 0, or 3 where the yield fell short. */
    public int exitCode() {
        return yieldFellShort ? Kind.GATE.exitCode() : 0;
    }

    public double bytesPerSecond() {
        return bytes / Math.max(1e-9, took.toNanos() / 1e9);
    }
}
