package io.datapunk.ingest.format;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the name of an archive says, as {@code takeout-20240213T083649Z-001.zip}.
 *
 * @param exportId what all parts of one export share; for other names the name without extensions
 * @param exportedAt when the export was made; empty for other names
 */
public record ExportName(String exportId, Optional<Instant> exportedAt) {
    private static final Pattern TAKEOUT =
            Pattern.compile("(takeout-(\\d{8}T\\d{6}Z))(?:[-(. ].*)?", Pattern.CASE_INSENSITIVE);
    private static final Pattern EXTENSIONS =
            Pattern.compile("(?:\\.(?:zip|tgz|tar|gz|zst|xz|bz2))+$", Pattern.CASE_INSENSITIVE);
    private static final DateTimeFormatter COMPACT = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT);

    /** Reads the file name of an archive or folder; never fails. */
    public static ExportName parse(String containerName) {
        String name = EntryPath.fileName(containerName.replace('\\', '/'));
        Matcher takeout = TAKEOUT.matcher(name);
        if (takeout.matches()) {
            try {
                Instant at = LocalDateTime.parse(takeout.group(2).toUpperCase(Locale.ROOT), COMPACT)
                        .toInstant(ZoneOffset.UTC);
                return new ExportName(takeout.group(1).toLowerCase(Locale.ROOT), Optional.of(at));
            } catch (DateTimeException e) {
                return new ExportName(withoutExtensions(name), Optional.empty());
            }
        }
        return new ExportName(withoutExtensions(name), Optional.empty());
    }

    private static String withoutExtensions(String name) {
        return EXTENSIONS.matcher(name).replaceFirst("");
    }
}
