package io.datapunk.ingest.format;

import java.text.Normalizer;
import java.util.regex.Pattern;

/** Names what a raw document is, by its place in the export: folder, file, section. */
final class RawKind {
    private static final Pattern COUNTER = Pattern.compile(" ?\\(\\d{1,4}\\)$");

    private RawKind() {}

    /** {@code Keep/Shopping list}, {@code Fit/derived_steps#Data Points}. Parts of one series, as x(1).json, are one kind. */
    static String of(String entryPath, String section) {
        String stem = COUNTER.matcher(EntryPath.stem(entryPath)).replaceFirst("");
        String folder = EntryPath.folder(entryPath);
        String member = section.startsWith("#") ? section.substring(1) : section;
        String kind = (folder.isEmpty() ? stem : folder + '/' + stem) + (member.isEmpty() ? "" : '#' + member);
        return Normalizer.normalize(kind, Normalizer.Form.NFC);
    }
}
