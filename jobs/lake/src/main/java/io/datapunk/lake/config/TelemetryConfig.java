package io.datapunk.lake.config;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Where commands bring their traces, by OTLP over HTTP.
 *
 * @param endpoint of a collector, without {@code /v1/traces}
 * @param headers as OpenTelemetry writes them: {@code name=value} with commas between, values percent-encoded
 */
public record TelemetryConfig(Optional<URI> endpoint, Optional<Secret> headers) {
    static TelemetryConfig read(ConfigReader reader) {
        TelemetryConfig config = new TelemetryConfig(reader.optionalAddress("endpoint"), reader.secret("headers"));
        reader.require(
                config.headers()
                                .map(Secret::reveal)
                                .flatMap(TelemetryConfig::parse)
                                .isPresent()
                        == config.headers().isPresent(),
                "headers-file",
                "headers as name=value with commas between, each value percent-encoded");
        return config;
    }

    /** The headers by name; values are secrets. */
    public Map<String, String> headersByName() {
        return headers.map(Secret::reveal).flatMap(TelemetryConfig::parse).orElse(Map.of());
    }

    private static Optional<Map<String, String>> parse(String text) {
        Map<String, String> headers = new TreeMap<>();
        for (String pair : text.split(",", -1)) {
            int equals = pair.indexOf('=');
            if (equals < 1) {
                return Optional.empty();
            }
            try {
                // Percent-encoding alone: a plus is one, as in Base64.
                String value = pair.substring(equals + 1).strip().replace("+", "%2B");
                headers.put(pair.substring(0, equals).strip(), URLDecoder.decode(value, StandardCharsets.UTF_8));
            } catch (IllegalArgumentException e) {
                return Optional.empty();
            }
        }
        return Optional.of(headers);
    }
}
