package io.datapunk.cli;

import io.datapunk.cli.export.Input;
import io.datapunk.cli.metrics.Metric;
import io.datapunk.cli.metrics.Sample;
import io.datapunk.ingest.job.ImportCounts;
import io.datapunk.ingest.job.IngestJob;
import io.datapunk.ingest.job.IngestReport;
import io.datapunk.ingest.job.IngestRequest;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.spark.LakeSession;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Runs an import and says what came in, what was left out, and why. */
final class IngestRun {
    /**
     * The result as {@code --json} prints it; {@code read = accepted + duplicates + quarantined}, in every row.
     *
     * @param entries files in the export
     * @param bytes of all entries, decompressed
     * @param resumed whether it took up what an earlier attempt had left
     */
    record Result(
            String importId,
            String userId,
            String exportId,
            List<String> containers,
            long entries,
            long bytes,
            ImportCounts counts,
            List<Dataset> datasets,
            List<IngestReport.ParserCounts> parsers,
            List<IngestReport.Reject> rejects,
            boolean resumed) {}

    /** What became of the records that belong into one table. */
    record Dataset(String dataset, long read, long accepted, long duplicates, long quarantined) {}

    private final Invocation invocation;

    IngestRun(Invocation invocation) {
        this.invocation = invocation;
    }

    Outcome run(List<Path> exports, String user) {
        IngestRequest request = new IngestRequest(exports, user, invocation.now());
        invocation.refuseDryRun(
                "an import",
                "what it would add is known only when every record was read",
                "ingest into another lake: --lake /tmp/trial");
        LakeConfig config = invocation.config();
        LakeHome home = LakeHome.open(config);
        IngestReport report = new IngestJob(LakeSession.open(config, home), home, config.ingest())
                .run(request, invocation.progress());
        return new Outcome(result(report), out -> print(report, out), report.warnings(), shortfall(report))
                .withInputs(request.exports().stream().map(Input.File::new).toList())
                .withMetrics(metrics(report));
    }

    private static List<Sample> metrics(IngestReport report) {
        List<Sample> samples = new ArrayList<>();
        samples.add(Sample.of(Metric.BYTES_PROCESSED, report.bytes()));
        report.datasets().forEach((dataset, counts) -> {
            String name = dataset.toString();
            samples.add(Sample.of(Metric.RECORDS_PROCESSED, counts.accepted(), name, "accepted"));
            samples.add(Sample.of(Metric.RECORDS_PROCESSED, counts.duplicates(), name, "duplicate"));
            samples.add(Sample.of(Metric.RECORDS_PROCESSED, counts.quarantined(), name, "quarantined"));
        });
        return samples;
    }

    private static Result result(IngestReport report) {
        return new Result(
                report.importId(),
                report.userId(),
                report.exportId(),
                report.containers(),
                report.entries(),
                report.bytes(),
                report.counts(),
                report.datasets().entrySet().stream()
                        .map(entry -> new Dataset(
                                entry.getKey().toString(),
                                entry.getValue().read(),
                                entry.getValue().accepted(),
                                entry.getValue().duplicates(),
                                entry.getValue().quarantined()))
                        .toList(),
                report.parsers(),
                report.rejects(),
                report.resumed());
    }

    private static Optional<LakeException> shortfall(IngestReport report) {
        return report.yieldFellShort()
                ? Optional.of(LakeException.gate(
                        "the export gave implausibly few rows",
                        report.warnings().isEmpty()
                                ? "a recognised format yielded almost nothing"
                                : String.join("; ", report.warnings()),
                        "look at imports.quarantine and imports.files of import " + report.importId()
                                + "; the source may have changed its format"))
                : Optional.empty();
    }

    private static void print(IngestReport report, PrintWriter out) {
        out.println("Import " + report.importId() + " of " + String.join(", ", report.containers())
                + (report.resumed() ? ", taken up where an earlier attempt had ended" : ""));
        out.println(Amounts.of(report.entries(), "files") + ", " + Amounts.bytes(report.bytes()) + " in "
                + report.took().toSeconds() + " s ("
                + Amounts.bytes(Math.round(report.bytesPerSecond())) + "/s)");
        out.println();
        TextTable table = new TextTable(
                List.of("TABLE", "READ", "ACCEPTED", "DUPLICATES", "QUARANTINED"),
                Set.of("READ", "ACCEPTED", "DUPLICATES", "QUARANTINED"));
        report.datasets().forEach((dataset, counts) -> add(table, dataset.toString(), counts));
        add(table, "all", report.counts());
        table.print(out);
        if (!report.rejects().isEmpty()) {
            out.println();
            out.println("In quarantine, with their bytes (imports.quarantine):");
            report.rejects()
                    .forEach(reject -> out.println(
                            "  " + Amounts.count(reject.records()) + "  " + reject.check() + ": " + reject.reason()));
        }
    }

    private static void add(TextTable table, String name, ImportCounts counts) {
        table.add(
                name,
                Amounts.count(counts.read()),
                Amounts.count(counts.accepted()),
                Amounts.count(counts.duplicates()),
                Amounts.count(counts.quarantined()));
    }
}
