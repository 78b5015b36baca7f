package io.datapunk.ingest.format;

import java.util.LinkedHashMap;
import java.util.Map;

/** Says what was done: by the title's English verb, else by the address, which has no language. */
final class ActivityKind {
    private static final Map<String, String> VERBS = new LinkedHashMap<>();

    static {
        VERBS.put("Searched for ", "searched");
        VERBS.put("Visited ", "visited");
        VERBS.put("Watched ", "watched");
        VERBS.put("Viewed ", "viewed");
        VERBS.put("Used ", "used");
        VERBS.put("Liked ", "liked");
        VERBS.put("Disliked ", "disliked");
        VERBS.put("Subscribed to ", "subscribed");
        VERBS.put("Listened to ", "listened");
        VERBS.put("Read ", "read");
        VERBS.put("Installed ", "installed");
        VERBS.put("Directions to ", "directions");
        VERBS.put("Asked: ", "asked");
        VERBS.put("Said ", "said");
        VERBS.put("Prompted ", "prompted");
        VERBS.put("Voted ", "voted");
        VERBS.put("Saved ", "saved");
    }

    private ActivityKind() {}

    /** Null where neither says it. */
    static String of(String title, String url, String entryPath) {
        for (Map.Entry<String, String> verb : VERBS.entrySet()) {
            if (title.startsWith(verb.getKey())) {
                return verb.getValue();
            }
        }
        if (url == null) {
            return null;
        }
        if (url.contains("/search?") || url.contains("/results?search_query=")) {
            return "searched";
        }
        // Likes and comments link to the video as well; only the history holds nothing else.
        if (url.contains("youtube.com/watch?") && Names.STANDARD.fileIs(entryPath, Names.Role.WATCH_HISTORY)) {
            return "watched";
        }
        return null;
    }
}
