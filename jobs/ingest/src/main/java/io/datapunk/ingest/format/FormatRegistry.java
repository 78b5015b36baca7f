package io.datapunk.ingest.format;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Says what an entry is: by its first bytes, and by its name where the bytes cannot tell. Names lie (they are localised,
 * cut, and given by people), so that content is asked first.
 */
public final class FormatRegistry {
    /** A larger JSON document is read member by member, so that memory stays bounded. */
    private static final long WHOLE_DOCUMENT_BYTES = 16L << 20;

    private static final Pattern MAILBOX =
            Pattern.compile("From \\S[^\\n]*\\d{4}[^\\n]{0,20}\\n>?[!-9;-~]+[: ].*", Pattern.DOTALL);
    private static final Pattern PAGE = Pattern.compile(
            "\\s*(?:<!--.*?-->\\s*)*<(?:!doctype|html|head|body|div)\\b.*", Pattern.DOTALL | Pattern.CASE_INSENSITIVE);

    /** What the entry is; never fails. */
    public Recognition recognise(EntryHead head) {
        Optional<String> declared = MediaTypes.declared(head.path());
        if (isLitter(head.path())) {
            return file(MediaTypes.ofMagic(head.first()).orElse(MediaTypes.UNKNOWN), declared);
        }
        Optional<String> magic = MediaTypes.ofMagic(head.first());
        if (magic.isPresent()) {
            return file(magic.get(), declared);
        }
        Optional<Charset> charset = charset(head.first());
        if (charset.isEmpty()) {
            return broken(declared)
                    .map(format -> new Recognition(Optional.of(format), MediaTypes.UNKNOWN, declared, Optional.empty()))
                    .orElseGet(() -> file(MediaTypes.UNKNOWN, declared));
        }
        return text(head, charset.get(), declared);
    }

    /** The versions of all formats by their names: other versions can make other rows of the same input. */
    public static SortedMap<String, Integer> versions() {
        SortedMap<String, Integer> versions = new TreeMap<>();
        Stream.of(CommonFormats.ALL, GoogleFormats.ALL)
                .flatMap(List::stream)
                .forEach(format -> versions.put(format.name(), format.version()));
        return versions;
    }

    private static Recognition text(EntryHead head, Charset charset, Optional<String> declared) {
        byte[] first = head.first();
        int from = startsWithMark(first) ? 3 : 0;
        String text = new String(first, from, first.length - from, StandardCharsets.UTF_8);
        if (MAILBOX.matcher(text).matches()) {
            return records(CommonFormats.MBOX, "application/mbox", declared, charset);
        }
        if (PAGE.matcher(text).matches()) {
            boolean activity = text.contains("outer-cell")
                    || text.contains("content-cell")
                    || Names.STANDARD.fileIs(head.path(), Names.Role.ACTIVITY)
                    || Names.STANDARD.fileIs(head.path(), Names.Role.WATCH_HISTORY)
                    || Names.STANDARD.fileIs(head.path(), Names.Role.SEARCH_HISTORY);
            return activity
                    ? records(GoogleFormats.ACTIVITY_HTML, "text/html", declared, charset)
                    : file("text/html", declared, charset);
        }
        int brace = jsonStart(first, from, declared);
        Optional<JsonSketch> sketch = brace < 0 ? Optional.empty() : JsonSketch.of(first, brace);
        if (sketch.isPresent()) {
            RecordFormat format =
                    json(head, sketch.get(), brace > from && first[brace - 1] != '\n' && first[brace - 1] != ' ');
            String type = format == CommonFormats.JSON_LINES ? "application/x-ndjson" : "application/json";
            return records(format, type, declared, charset);
        }
        if (declared.filter(type -> type.equals("text/csv") || type.equals("text/tab-separated-values"))
                .isPresent()) {
            return records(CommonFormats.CSV, declared.get(), declared, charset);
        }
        Optional<RecordFormat> broken = broken(declared);
        if (broken.isPresent()) {
            return records(broken.get(), "text/plain", declared, charset);
        }
        String type = declared.filter(t -> t.startsWith("text/") || t.endsWith("+xml") || t.equals("application/xml"))
                .orElse("text/plain");
        return file(type, declared, charset);
    }

    /**
     * The format that will reject what its name declares and its bytes are not: a damaged list must not pass as a file
     * that nobody wanted to read.
     */
    private static Optional<RecordFormat> broken(Optional<String> declared) {
        return declared.flatMap(type -> switch (type) {
            case "application/json", "application/x-ndjson" -> Optional.of(CommonFormats.JSON_DOCUMENT);
            case "application/mbox" -> Optional.of(CommonFormats.MBOX);
            default -> Optional.empty();
        });
    }

    private static RecordFormat json(EntryHead head, JsonSketch sketch, boolean isScript) {
        if (sketch.isLines()) {
            return CommonFormats.JSON_LINES;
        }
        if (sketch.shape() == JsonSketch.Shape.OBJECT) {
            return object(head, sketch, isScript);
        }
        Set<String> fields = sketch.elementFields("");
        if (fields.contains("title") && fields.contains("time")
                || fields.contains("snippet") && fields.contains("contentDetails")) {
            return GoogleFormats.ACTIVITY_JSON;
        }
        if (fields.contains("startTime")
                && (fields.contains("visit") || fields.contains("activity") || fields.contains("timelinePath"))) {
            return GoogleFormats.TIMELINE;
        }
        boolean namedActivity = Names.STANDARD.fileIs(head.path(), Names.Role.ACTIVITY)
                || Names.STANDARD.fileIs(head.path(), Names.Role.WATCH_HISTORY)
                || Names.STANDARD.fileIs(head.path(), Names.Role.SEARCH_HISTORY);
        return namedActivity ? GoogleFormats.ACTIVITY_JSON : CommonFormats.JSON_ARRAYS;
    }

    private static RecordFormat object(EntryHead head, JsonSketch sketch, boolean isScript) {
        if (sketch.hasArray(ChromeHistory.SECTION)) {
            return GoogleFormats.CHROME_HISTORY;
        }
        if (sketch.hasArray(LocationRecords.SECTION)) {
            Set<String> fields = sketch.elementFields(LocationRecords.SECTION);
            if (fields.contains("latitudeE7")
                    || fields.contains("timestampMs")
                    || Names.STANDARD.fileIs(head.path(), Names.Role.LOCATION_RECORDS)) {
                return GoogleFormats.LOCATION_RECORDS;
            }
        }
        if (sketch.hasArray(SemanticMonth.SECTION)) {
            return GoogleFormats.SEMANTIC_MONTH;
        }
        if (sketch.hasArray(TimelineSegments.SEGMENTS) || sketch.hasArray(TimelineSegments.SIGNALS)) {
            return GoogleFormats.TIMELINE;
        }
        if (sketch.has("photoTakenTime")) {
            return GoogleFormats.PHOTO_SIDECAR;
        }
        if (sketch.has("albumData")
                || Names.STANDARD.fileIs(head.path(), Names.Role.ALBUM_METADATA) && sketch.has("title")) {
            return GoogleFormats.PHOTO_ALBUM;
        }
        boolean beginsWithArray = sketch.members().values().stream()
                .findFirst()
                .filter(shape -> shape == JsonSketch.Shape.ARRAY_OF_OBJECTS)
                .isPresent();
        return isScript || beginsWithArray || head.bytes() > WHOLE_DOCUMENT_BYTES
                ? CommonFormats.JSON_ARRAYS
                : CommonFormats.JSON_DOCUMENT;
    }

    /**
     * Index of the brace or bracket that a JSON document begins with, or -1. In a script the document stands behind an
     * assignment, as {@code window.YTD.tweets.part0 = [}.
     */
    private static int jsonStart(byte[] first, int from, Optional<String> declared) {
        int at = from;
        while (at < first.length && (first[at] == ' ' || first[at] == '\n' || first[at] == '\r' || first[at] == '\t')) {
            at++;
        }
        if (at < first.length && (first[at] == '{' || first[at] == '[')) {
            return at;
        }
        boolean script = declared.filter("text/javascript"::equals).isPresent();
        for (; script && at < Math.min(first.length, from + 200); at++) {
            if (first[at] == '{' || first[at] == '[') {
                return at;
            }
        }
        return -1;
    }

    /** What macOS and Windows leave in archives: no part of the export. */
    private static boolean isLitter(String path) {
        String name = EntryPath.fileName(path);
        return name.startsWith("._")
                || name.equals(".DS_Store")
                || name.equalsIgnoreCase("Thumbs.db")
                || name.equalsIgnoreCase("desktop.ini")
                || path.startsWith("__MACOSX/")
                || path.contains("/__MACOSX/");
    }

    /** The character set of a text; empty for bytes that are none. */
    private static Optional<Charset> charset(byte[] first) {
        if (first.length > 1 && ((first[0] & 0xff) == 0xff && (first[1] & 0xff) == 0xfe)) {
            return Optional.of(StandardCharsets.UTF_16LE);
        }
        if (first.length > 1 && ((first[0] & 0xff) == 0xfe && (first[1] & 0xff) == 0xff)) {
            return Optional.of(StandardCharsets.UTF_16BE);
        }
        for (byte b : first) {
            if (b >= 0 && b < 0x20 && b != '\t' && b != '\n' && b != '\r' && b != '\f' && b != 0x1b) {
                return Optional.empty();
            }
        }
        if (Charsets.isAscii(first, 0, first.length)) {
            return Optional.of(StandardCharsets.UTF_8);
        }
        // The head may end within a character.
        for (int cut = 0; cut < 4 && cut < first.length; cut++) {
            if (Charsets.strictly(first, 0, first.length - cut, StandardCharsets.UTF_8) != null) {
                return Optional.of(StandardCharsets.UTF_8);
            }
        }
        return Optional.of(Charsets.guessed(first, 0, first.length));
    }

    private static boolean startsWithMark(byte[] first) {
        return first.length > 2 && (first[0] & 0xff) == 0xef && (first[1] & 0xff) == 0xbb && (first[2] & 0xff) == 0xbf;
    }

    private static Recognition records(RecordFormat format, String type, Optional<String> declared, Charset charset) {
        return new Recognition(Optional.of(format), type, declared, Optional.of(charset.name()));
    }

    private static Recognition file(String type, Optional<String> declared, Charset charset) {
        return new Recognition(Optional.empty(), type, declared, Optional.of(charset.name()));
    }

    private static Recognition file(String type, Optional<String> declared) {
        return new Recognition(Optional.empty(), type, declared, Optional.empty());
    }
}
