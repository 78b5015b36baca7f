package io.datapunk.ingest.format;

import java.util.Optional;

/**
 * What an entry is.
 *
 * @param format reads its records; empty for an entry that is accounted for as a file only
 * @param mediaType IANA media type by content
 * @param declaredType the media type that the name's extension says; empty where it says none
 * @param encoding character set of a text; empty for other bytes
 */
public record Recognition(
        Optional<RecordFormat> format, String mediaType, Optional<String> declaredType, Optional<String> encoding) {

    /** Whether the entry itself becomes a row of {@code user_data.media}; see {@link MediaFile}. */
    public boolean isMedia() {
        return format.isEmpty()
                && (mediaType.startsWith("image/") || mediaType.startsWith("video/") || mediaType.startsWith("audio/"));
    }
}
