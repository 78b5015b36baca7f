package io.datapunk.lake.config;

import io.datapunk.lake.model.LakeException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** All mistakes of one configuration, told together. */
final class Problems {
    private final Map<String, String> byKey = new TreeMap<>();

    /** Notes what is wrong with a key; the first mistake of a key is the one that counts. */
    void add(String key, String mistake) {
        byKey.putIfAbsent(key, mistake);
    }

    /** Whether a mistake was noted with this key, or with one below it. */
    boolean concern(String key) {
        return byKey.keySet().stream().anyMatch(noted -> noted.equals(key) || noted.startsWith(key + "."));
    }

    /** @throws LakeException (usage) that lists every mistake, one to a line */
    void throwIfAny() {
        if (byKey.isEmpty()) {
            return;
        }
        List<String> lines = byKey.entrySet().stream()
                .map(entry -> entry.getKey() + " " + entry.getValue())
                .toList();
        boolean one = lines.size() == 1;
        throw LakeException.usage(
                "the configuration has " + (one ? "1 mistake" : lines.size() + " mistakes"),
                one ? lines.get(0) : "each line is one:\n    " + String.join("\n    ", lines),
                "correct " + (one ? "it" : "them") + "; conf/lake.conf lists every key with its default and unit");
    }
}
