package io.datapunk.cli.export;

import io.datapunk.cli.metrics.JobMetrics;
import io.datapunk.cli.metrics.Metric;
import io.datapunk.cli.metrics.Sample;
import io.datapunk.cli.metrics.StageTimes;
import io.datapunk.lake.config.MetricsConfig;
import io.datapunk.lake.model.Progress;
import io.prometheus.metrics.exporter.pushgateway.PushGateway;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Brings a command's metrics to Prometheus: into a folder that node_exporter's textfile collector reads, and to a
 * Pushgateway. Those of the last success stay when a later run fails.
 */
final class MetricsExport implements JobExport {
    private static final String JOB = "lake";
    private static final String COMMAND = "command";

    private final MetricsConfig config;
    private final String command;
    private final StageTimes stages = new StageTimes();

    /** @param command as {@code tier apply} */
    MetricsExport(MetricsConfig config, String command) {
        this.config = config;
        this.command = command;
    }

    @Override
    public Progress watch(Progress next) {
        return stages.watch(next);
    }

    @Override
    public List<String> ended(JobEnd end) {
        return export(JobMetrics.of(command, end.exitCode(), end.seconds(), end.at(), stages, end.metrics()));
    }

    private List<String> export(List<Sample> samples) {
        List<String> problems = new ArrayList<>();
        config.textfileFolder().ifPresent(folder -> {
            try {
                write(Path.of(folder), command, samples);
            } catch (IOException e) {
                problems.add("metrics were not written to " + folder + ": " + e + "; lake.metrics.textfile-folder has"
                        + " to be a folder that can be written");
            }
        });
        config.pushgateway().ifPresent(address -> {
            try {
                push(address, command, samples);
            } catch (IOException | IllegalArgumentException e) {
                problems.add("metrics were not pushed to " + address + ": " + e.getMessage()
                        + "; lake.metrics.pushgateway has to be a Pushgateway's host:port that answers");
            }
        });
        return problems;
    }

    /** A file for each command, and one for its last success: each is replaced as a whole. */
    private static void write(Path folder, String command, List<Sample> samples) throws IOException {
        Map<Boolean, List<Sample>> bySuccess = samples.stream()
                .collect(Collectors.partitioningBy(sample -> sample.metric() == Metric.JOB_LAST_SUCCESS));
        String name = JOB + "_" + command.replace(' ', '_');
        replace(folder.resolve(name + ".prom"), bySuccess.get(false));
        if (!bySuccess.get(true).isEmpty()) {
            replace(folder.resolve(name + "_success.prom"), bySuccess.get(true));
        }
    }

    /** Whoever reads meanwhile sees the old file or the new one; the collector looks at names that end with .prom only. */
    private static void replace(Path file, List<Sample> samples) throws IOException {
        Path fresh = Files.createTempFile(file.getParent(), file.getFileName().toString(), ".new");
        try {
            try (OutputStream out = Files.newOutputStream(fresh)) {
                PrometheusTextFormatWriter.create().write(out, snapshots(samples));
            }
            // node_exporter runs as somebody else.
            if (!fresh.toFile().setReadable(true, false)) {
                throw new IOException(fresh + " cannot be made readable");
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    /** Metrics that are not among these stay as they were. */
    private static void push(String address, String command, List<Sample> samples) throws IOException {
        PrometheusRegistry registry = new PrometheusRegistry();
        registry.register((MultiCollector) () -> snapshots(samples));
        PushGateway.builder()
                .address(address)
                .job(JOB)
                .groupingKey(COMMAND, command)
                .registry(registry)
                .build()
                .pushAdd();
    }

    private static MetricSnapshots snapshots(List<Sample> samples) {
        Map<Metric, GaugeSnapshot.Builder> gauges = new TreeMap<>();
        for (Sample sample : samples) {
            Metric metric = sample.metric();
            gauges.computeIfAbsent(metric, first -> GaugeSnapshot.builder()
                            .name(first.exportedName())
                            .help(first.help()))
                    .dataPoint(GaugeDataPointSnapshot.builder()
                            .labels(Labels.of(metric.labels(), sample.labels()))
                            .value(sample.value())
                            .build());
        }
        MetricSnapshots.Builder all = MetricSnapshots.builder();
        gauges.values().forEach(gauge -> all.metricSnapshot(gauge.build()));
        return all.build();
    }
}
