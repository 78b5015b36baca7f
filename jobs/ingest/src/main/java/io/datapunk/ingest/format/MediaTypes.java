package io.datapunk.ingest.format;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Media types by the first bytes of a file, and by the extension of its name (table {@code media-types.tsv}). */
final class MediaTypes {
    static final String UNKNOWN = "application/octet-stream";
    static final String EMPTY = "application/x-empty";

    private static final Map<String, String> BY_EXTENSION = new HashMap<>();

    static {
        for (String[] row : Resource.rows("media-types.tsv")) {
            BY_EXTENSION.put(row[0], row[1]);
        }
    }

    private MediaTypes() {}

    /** What the name says; empty where it says nothing known. */
    static Optional<String> declared(String path) {
        return Optional.ofNullable(BY_EXTENSION.get(EntryPath.extension(path)));
    }

    /** What the bytes say; empty for text and for what is not known. */
    static Optional<String> ofMagic(byte[] head) {
        if (head.length == 0) {
            return Optional.of(EMPTY);
        }
        return Optional.ofNullable(magic(head));
    }

    private static String magic(byte[] head) {
        return switch (head[0] & 0xff) {
            case 0xff ->
                starts(head, 0, 0xff, 0xd8, 0xff)
                        ? "image/jpeg"
                        : head.length > 1 && (head[1] & 0xe6) == 0xe2 ? "audio/mpeg" : null;
            case 0x89 -> starts(head, 0, 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n') ? "image/png" : null;
            case 'G' -> starts(head, 0, 'G', 'I', 'F', '8') ? "image/gif" : null;
            case 'B' ->
                starts(head, 0, 'B', 'M') && head.length > 14 && head[6] == 0 && head[7] == 0 ? "image/bmp" : null;
            case 'I' ->
                starts(head, 0, 'I', 'I', 0x2a, 0)
                        ? "image/tiff"
                        : starts(head, 0, 'I', 'D', '3') ? "audio/mpeg" : null;
            case 'M' -> starts(head, 0, 'M', 'M', 0, 0x2a) ? "image/tiff" : null;
            case 'R' -> riff(head);
            case 0x1a -> starts(head, 0, 0x1a, 0x45, 0xdf, 0xa3) ? "video/x-matroska" : null;
            case 'O' -> starts(head, 0, 'O', 'g', 'g', 'S') ? "audio/ogg" : null;
            case '#' -> starts(head, 0, '#', '!', 'A', 'M', 'R') ? "audio/amr" : null;
            case '%' -> starts(head, 0, '%', 'P', 'D', 'F', '-') ? "application/pdf" : null;
            case 'P' -> starts(head, 0, 'P', 'K', 3, 4) || starts(head, 0, 'P', 'K', 5, 6) ? "application/zip" : null;
            case 0x1f -> starts(head, 0, 0x1f, 0x8b) ? "application/gzip" : null;
            case 'S' -> starts(head, 0, 'S', 'Q', 'L', 'i', 't', 'e', ' ', 'f') ? "application/vnd.sqlite3" : null;
            case 0 -> ofZero(head);
            default -> null;
        };
    }

    private static String ofZero(byte[] head) {
        if (starts(head, 0, 0, 5, 0x16, 7)) {
            return "application/applefile";
        }
        if (starts(head, 0, 0, 0, 1, 0xba) || starts(head, 0, 0, 0, 1, 0xb3)) {
            return "video/mpeg";
        }
        if (!starts(head, 4, 'f', 't', 'y', 'p') || head.length < 12) {
            return null;
        }
        String brand = new String(head, 8, 4, StandardCharsets.ISO_8859_1);
        return switch (brand) {
            case "heic", "heix", "heim", "heis", "hevc", "mif1", "msf1" -> "image/heic";
            case "avif", "avis" -> "image/avif";
            case "qt  " -> "video/quicktime";
            case "M4A ", "M4B " -> "audio/mp4";
            case "crx " -> "image/x-canon-cr3";
            default -> brand.startsWith("3g") ? "video/3gpp" : "video/mp4";
        };
    }

    private static String riff(byte[] head) {
        if (!starts(head, 0, 'R', 'I', 'F', 'F')) {
            return null;
        }
        if (starts(head, 8, 'W', 'E', 'B', 'P')) {
            return "image/webp";
        }
        if (starts(head, 8, 'A', 'V', 'I', ' ')) {
            return "video/x-msvideo";
        }
        return starts(head, 8, 'W', 'A', 'V', 'E') ? "audio/wav" : null;
    }

    private static boolean starts(byte[] bytes, int at, int... expected) {
        if (bytes.length < at + expected.length) {
            return false;
        }
        for (int i = 0; i < expected.length; i++) {
            if ((bytes[at + i] & 0xff) != expected[i]) {
                return false;
            }
        }
        return true;
    }
}
