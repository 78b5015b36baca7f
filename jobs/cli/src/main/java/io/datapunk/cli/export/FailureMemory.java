package io.datapunk.cli.export;

import io.opentelemetry.exporter.internal.FailedExportException.HttpExportException;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.io.IOException;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** Remembers why spans were not sent: who sends them in the background tells nobody. */
final class FailureMemory implements SpanExporter {
    private final SpanExporter next;
    private final AtomicReference<String> failure = new AtomicReference<>();

    FailureMemory(SpanExporter next) {
        this.next = next;
    }

    Optional<String> failure() {
        return Optional.ofNullable(failure.get());
    }

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
        CompletableResultCode result = next.export(spans);
        return result.whenComplete(() -> {
            if (!result.isSuccess()) {
                failure.compareAndSet(null, reason(result.getFailureThrowable()));
            }
        });
    }

    /** What the collector or the network said, rather than what was made of it. */
    private static String reason(Throwable failure) {
        if (failure instanceof HttpExportException answered && answered.getResponse() != null) {
            return "it answered with status " + answered.getResponse().getStatusCode();
        }
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof IOException) {
                return String.valueOf(cause);
            }
        }
        return failure == null ? "it was refused" : String.valueOf(failure);
    }

    @Override
    public CompletableResultCode flush() {
        return next.flush();
    }

    @Override
    public CompletableResultCode shutdown() {
        return next.shutdown();
    }
}
