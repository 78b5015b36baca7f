package io.datapunk.ingest.format;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;

/**
 * What a parser knows beyond the bytes of a frame.
 *
 * @param entryPath path inside the export
 * @param exportedAt when the export was made, by the archive's name; never a file's modification time, which copying
 *     changes
 * @param charset of text that does not declare its own
 */
public record ParseContext(String entryPath, Optional<Instant> exportedAt, Charset charset) {

    /**
     * The context of an entry.
     *
     * @param containerName file name of the archive or folder that was handed in
     */
    public static ParseContext of(String containerName, String entryPath, Recognition recognition) {
        Charset charset = recognition
                .encoding()
                .filter(Charset::isSupported)
                .map(Charset::forName)
                .orElse(StandardCharsets.UTF_8);
        return new ParseContext(entryPath, ExportName.parse(containerName).exportedAt(), charset);
    }
}
