package io.datapunk.cli;

import io.datapunk.analytics.capacity.CapacityReport;
import io.datapunk.analytics.capacity.CapacityReport.Size;
import io.datapunk.analytics.capacity.ForecastJob;
import io.datapunk.cli.metrics.Metric;
import io.datapunk.cli.metrics.Sample;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.spark.LakeSession;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Tells how much room the lake takes, how that grows, and when there is none left. */
final class ForecastRun {
    private final Invocation invocation;

    ForecastRun(Invocation invocation) {
        this.invocation = invocation;
    }

    Outcome run() {
        LakeConfig config = invocation.config();
        LakeHome home = LakeHome.openExisting(config);
        CapacityReport report = new ForecastJob(LakeSession.open(config, home), config, home)
                .run(invocation.now(), invocation.dryRun(), invocation.progress());
        return new Outcome(report, out -> print(report, out), report.problems(), Optional.empty())
                .withMetrics(metrics(report));
    }

    private static List<Sample> metrics(CapacityReport report) {
        List<Sample> samples = new ArrayList<>();
        for (Size size : report.sizes()) {
            String[] labels = {size.subject(), size.name()};
            samples.add(Sample.of(Metric.STORAGE_USAGE, size.bytes(), labels));
            size.capacityBytes().ifPresent(bytes -> samples.add(Sample.of(Metric.STORAGE_CAPACITY, bytes, labels)));
            samples.add(Sample.of(Metric.STORAGE_GROWTH, size.bytesPerDay() / 86_400, labels));
            size.daysToFull()
                    .ifPresent(days -> samples.add(Sample.of(Metric.STORAGE_TIME_TO_FULL, days * 86_400.0, labels)));
        }
        report.writeAmplification().ifPresent(ratio -> samples.add(Sample.of(Metric.WRITE_AMPLIFICATION, ratio)));
        report.cacheHitRatio().ifPresent(ratio -> samples.add(Sample.of(Metric.CACHE_HIT_RATIO, ratio)));
        report.compressionRatios()
                .forEach((codec, ratio) -> samples.add(Sample.of(Metric.COMPRESSION_RATIO, ratio, codec)));
        return samples;
    }

    private void print(CapacityReport report, PrintWriter out) {
        TextTable table = new TextTable(
                List.of("WHAT", "NOW", "A DAY", "IN SIX MONTHS", "ROOM FOR", "FULL IN"),
                Set.of("NOW", "A DAY", "IN SIX MONTHS", "ROOM FOR", "FULL IN"));
        for (Size size : report.sizes()) {
            table.add(
                    size.subject() + " " + size.name(),
                    bytes(size.bytes()),
                    bytes(size.bytesPerDay()),
                    size.bytesAhead().isEmpty()
                            ? "not known yet"
                            : bytes(size.bytesAhead().getAsDouble()) + " ("
                                    + bytes(size.lowAhead().orElseThrow()) + " to "
                                    + bytes(size.highAhead().orElseThrow()) + ")",
                    size.capacityBytes().isEmpty()
                            ? ""
                            : bytes(size.capacityBytes().getAsDouble()),
                    days(size));
        }
        table.print(out);
        out.println();
        report.compressionRatios()
                .forEach((codec, ratio) -> out.println(String.format(
                        Locale.ROOT, "%s: %.1f bytes before compression for each one after", codec, ratio)));
        report.writeAmplification()
                .ifPresent(ratio -> out.println(
                        String.format(Locale.ROOT, "%.1f bytes were written for each byte of new rows", ratio)));
        for (Size size : report.sizes()) {
            size.jumps()
                    .forEach((day, change) -> out.println(day + ": " + size.subject() + " " + size.name()
                            + " changed by " + bytes(change) + " more than on other days"));
        }
        report.findings().forEach(out::println);
        if (invocation.dryRun()) {
            out.println("Nothing was kept: this was a dry run.");
        }
    }

    private static String days(Size size) {
        OptionalLong days = size.daysToFull();
        if (days.isPresent()) {
            return Amounts.of(days.getAsLong(), "days");
        }
        return size.capacityBytes().isPresent() && size.bytesAhead().isPresent() ? "over six months" : "";
    }

    private static String bytes(double bytes) {
        return bytes < 0 ? "-" + Amounts.bytes(Math.round(-bytes)) : Amounts.bytes(Math.round(bytes));
    }
}
