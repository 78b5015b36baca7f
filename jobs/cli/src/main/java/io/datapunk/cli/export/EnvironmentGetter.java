package io.datapunk.cli.export;

import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.Locale;
import java.util.Map;

/** Finds a trace's context in the environment, where schedulers put it: {@code traceparent} in {@code TRACEPARENT}. */
final class EnvironmentGetter implements TextMapGetter<Map<String, String>> {
    @Override
    public Iterable<String> keys(Map<String, String> environment) {
        return environment.keySet();
    }

    @Override
    public String get(Map<String, String> environment, String key) {
        return environment == null ? null : environment.get(key.toUpperCase(Locale.ROOT));
    }
}
