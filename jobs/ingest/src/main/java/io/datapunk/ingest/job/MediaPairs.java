package io.datapunk.ingest.job;

import io.datapunk.ingest.format.EntryHead;
import io.datapunk.ingest.format.FormatRegistry;
import io.datapunk.ingest.format.SidecarNames;
import io.datapunk.ingest.job.WorkItem.Sidecar;
import io.datapunk.lake.container.EntryRef;
import java.text.Normalizer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which entries describe which media files, by their names, wherever in the export's parts they lie. */
final class MediaPairs {
    private static final byte[] NOTHING = {};

    private final Map<Integer, Sidecar> sidecars = new HashMap<>();
    private final Set<Integer> owned = new HashSet<>();

    private MediaPairs() {}

    static MediaPairs of(List<EntryRef> entries) {
        Map<String, Integer> documents = new HashMap<>();
        for (int file = 0; file < entries.size(); file++) {
            String path = entries.get(file).path();
            if (entries.get(file).isReadable() && path.toLowerCase(Locale.ROOT).endsWith(".json")) {
                documents.putIfAbsent(normalized(path), file);
            }
        }
        MediaPairs pairs = new MediaPairs();
        FormatRegistry formats = new FormatRegistry();
        for (int file = 0; file < entries.size() && !documents.isEmpty(); file++) {
            EntryRef entry = entries.get(file);
            if (entry.isReadable() && isNamedMedia(formats, entry.path())) {
                pairs.pair(file, entry.path(), documents, entries);
            }
        }
        return pairs;
    }

    private void pair(int file, String path, Map<String, Integer> documents, List<EntryRef> entries) {
        int name = path.lastIndexOf('/') + 1;
        String folder = normalized(path.substring(0, name));
        for (String candidate : SidecarNames.candidates(path.substring(name))) {
            Integer document = documents.get(folder + normalized(candidate));
            if (document != null) {
                sidecars.put(file, new Sidecar(document, entries.get(document), owned.add(document)));
                return;
            }
        }
    }

    private static boolean isNamedMedia(FormatRegistry formats, String path) {
        Optional<String> declared =
                formats.recognise(new EntryHead(path, NOTHING, 0)).declaredType();
        return declared.filter(
                        type -> type.startsWith("image/") || type.startsWith("video/") || type.startsWith("audio/"))
                .isPresent();
    }

    private static String normalized(String path) {
        return Normalizer.normalize(path, Normalizer.Form.NFC);
    }

    /** Whether the task of a media file reads this entry. */
    boolean isOwned(int file) {
        return owned.contains(file);
    }

    /** What describes a media file; null where nothing does. */
    Sidecar sidecar(int file) {
        return sidecars.get(file);
    }
}
