package io.datapunk.lake.config;

import java.util.Optional;

/**
 * Where commands bring their metrics when they end.
 *
 * @param textfileFolder that node_exporter's textfile collector reads
 * @param pushgateway {@code host:port} of a Pushgateway
 */
public record MetricsConfig(Optional<String> textfileFolder, Optional<String> pushgateway) {
    static MetricsConfig read(ConfigReader reader) {
        return new MetricsConfig(reader.optionalText("textfile-folder"), reader.optionalText("pushgateway"));
    }

    /** Whether there is anybody to tell. */
    public boolean isSet() {
        return textfileFolder.isPresent() || pushgateway.isPresent();
    }
}
