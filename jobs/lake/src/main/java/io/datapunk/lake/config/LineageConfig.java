package io.datapunk.lake.config;

import java.net.URI;
import java.util.Optional;

/**
 * Where commands tell OpenLineage what they read and wrote.
 *
 * @param url of a server that takes events; without a path, OpenLineage's own is meant
 * @param file that events are appended to, a line each
 * @param token that the server asks for
 * @param namespace of the commands as jobs
 */
public record LineageConfig(Optional<URI> url, Optional<String> file, Optional<Secret> token, String namespace) {
    static LineageConfig read(ConfigReader reader) {
        return new LineageConfig(
                reader.optionalAddress("url"),
                reader.optionalText("file"),
                reader.secret("token"),
                reader.text("namespace"));
    }

    /** Whether there is anybody to tell. */
    public boolean isSet() {
        return url.isPresent() || file.isPresent();
    }
}
