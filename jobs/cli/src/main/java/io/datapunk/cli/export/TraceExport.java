package io.datapunk.cli.export;

import io.datapunk.lake.config.TelemetryConfig;
import io.datapunk.lake.model.Progress;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.MeterProvider;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporterBuilder;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.logging.Level;
import java.util.logging.Logger;

/** One trace for a run of a command: a span for the command, and below it one for each of its stages. */
final class TraceExport implements JobExport {
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final AttributeKey<String> SERVICE_NAME = AttributeKey.stringKey("service.name");
    private static final AttributeKey<String> SERVICE_VERSION = AttributeKey.stringKey("service.version");
    private static final AttributeKey<String> COMMAND = AttributeKey.stringKey("lake.command");
    private static final AttributeKey<String> HOME = AttributeKey.stringKey("lake.home");
    private static final AttributeKey<Long> EXIT_CODE = AttributeKey.longKey("process.exit.code");
    private static final AttributeKey<String> ERROR_TYPE = AttributeKey.stringKey("error.type");
    private static final AttributeKey<String> EXCEPTION_TYPE = AttributeKey.stringKey("exception.type");
    private static final AttributeKey<String> EXCEPTION_MESSAGE = AttributeKey.stringKey("exception.message");
    private static final AttributeKey<Long> STAGE_AMOUNT = AttributeKey.longKey("lake.stage.amount");
    private static final AttributeKey<String> STAGE_UNIT = AttributeKey.stringKey("lake.stage.unit");

    private final String endpoint;
    private final FailureMemory sent;
    private final SdkTracerProvider provider;
    private final Tracer tracer;
    private final Span command;
    private final Context context;
    // What it would print becomes a warning. Java forgets the level of a logger that nobody holds.
    private final Logger silent = Logger.getLogger("io.opentelemetry");

    private TraceExport(JobRun run, String endpoint) {
        silent.setLevel(Level.OFF);
        this.endpoint = endpoint;
        this.sent = new FailureMemory(exporter(endpoint, run.config().telemetry()));
        this.provider = SdkTracerProvider.builder()
                .setResource(Resource.getDefault()
                        .merge(Resource.create(
                                Attributes.of(SERVICE_NAME, "datapunk-lake", SERVICE_VERSION, run.version()))))
                .addSpanProcessor(BatchSpanProcessor.builder(sent)
                        .setExporterTimeout(PATIENCE)
                        .build())
                .build();
        this.tracer = provider.get("io.datapunk.lake", run.version());
        Context parent = W3CTraceContextPropagator.getInstance()
                .extract(Context.root(), run.environment(), new EnvironmentGetter());
        this.command = tracer.spanBuilder("lake " + run.command())
                .setParent(parent)
                .setStartTimestamp(run.startedAt())
                .setAttribute(COMMAND, run.command())
                .setAttribute(HOME, run.home().root())
                .startSpan();
        this.context = parent.with(command);
    }

    /** Begins the command's span. */
    static TraceExport begin(JobRun run) {
        String collector = run.config().telemetry().endpoint().orElseThrow().toString();
        return new TraceExport(run, collector.replaceFirst("/*$", "") + "/v1/traces");
    }

    private static OtlpHttpSpanExporter exporter(String endpoint, TelemetryConfig config) {
        OtlpHttpSpanExporterBuilder exporter = OtlpHttpSpanExporter.builder()
                .setEndpoint(endpoint)
                .setConnectTimeout(PATIENCE)
                .setTimeout(PATIENCE)
                .setRetryPolicy(null)
                .setMeterProvider(MeterProvider.noop());
        config.headersByName().forEach(exporter::addHeader);
        return exporter.build();
    }

    @Override
    public Progress watch(Progress next) {
        return (stage, total, unit) -> watched(stage, unit, next.begin(stage, total, unit));
    }

    private Progress.Stage watched(String stage, String unit, Progress.Stage told) {
        Span span = tracer.spanBuilder(stage).setParent(context).startSpan();
        LongAdder done = new LongAdder();
        return new Progress.Stage() {
            @Override
            public void advance(long amount) {
                told.advance(amount);
                done.add(amount);
            }

            @Override
            public void close() {
                told.close();
                span.setAttribute(STAGE_AMOUNT, done.sum());
                span.setAttribute(STAGE_UNIT, unit);
                span.end();
            }
        };
    }

    @Override
    public List<String> ended(JobEnd end) {
        command.setAttribute(EXIT_CODE, (long) end.exitCode());
        end.problem().ifPresent(problem -> {
            command.setStatus(StatusCode.ERROR, problem.message());
            command.setAttribute(ERROR_TYPE, problem.type());
            command.addEvent(
                    "exception",
                    Attributes.of(EXCEPTION_TYPE, problem.type(), EXCEPTION_MESSAGE, problem.message()),
                    end.at());
        });
        command.end(end.at());
        // Twice, for some may be under way.
        CompletableResultCode flushed = provider.shutdown().join(2 * PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        return sent
                .failure()
                .or(() -> flushed.isDone() ? Optional.empty() : Optional.of("it did not answer"))
                .map(failure -> "the trace was not sent to " + endpoint + ": " + failure
                        + "; lake.telemetry.endpoint has to be the address of a collector that takes OTLP over HTTP")
                .stream()
                .toList();
    }
}
