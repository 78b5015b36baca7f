package io.datapunk.ingest.format;

import java.text.Normalizer;
import java.util.Locale;

/** Parts of a path inside an export. Names are compared in NFC, because some archives hold NFD. */
final class EntryPath {
    private EntryPath() {}

    static String fileName(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** The name of the folder that the entry lies in; empty at the root. */
    static String folder(String path) {
        int end = path.lastIndexOf('/');
        return end < 0 ? "" : path.substring(path.lastIndexOf('/', end - 1) + 1, end);
    }

    /** The file name without its last extension. */
    static String stem(String path) {
        String name = fileName(path);
        int dot = name.lastIndexOf('.');
        return dot <= 0 ? name : name.substring(0, dot);
    }

    /** The last extension in lower case, without the dot; empty where there is none. */
    static String extension(String path) {
        String name = fileName(path);
        int dot = name.lastIndexOf('.');
        return dot <= 0 ? "" : name.substring(dot + 1).toLowerCase(Locale.ROOT);
    }

    /** NFC, lower case, no-break spaces as spaces: the form in which names are compared. */
    static String comparable(String name) {
        return Normalizer.normalize(name, Normalizer.Form.NFC)
                .replace('\u00a0', ' ')
                .toLowerCase(Locale.ROOT)
                .strip();
    }
}
