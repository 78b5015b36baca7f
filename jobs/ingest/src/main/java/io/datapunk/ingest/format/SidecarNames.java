package io.datapunk.ingest.format;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Computes the names that a media file's sidecar can have. The exporter cuts the media's name and a suffix together to 46
 * UTF-16 units and moves a counter such as {@code (1)} behind the suffix; going from a sidecar back to its media would be
 * guessing.
 */
public final class SidecarNames {
    private static final String SUFFIX = ".supplemental-metadata";
    private static final int CUT = 46;
    private static final Pattern COUNTED = Pattern.compile("(.*)(\\(\\d{1,4}\\))(\\.[^.]*)?", Pattern.DOTALL);

    private SidecarNames() {}

    /**
     * Names to look for in the media file's folder, best first. Compare them in NFC.
     *
     * @param mediaName the file's name without folders
     */
    public static List<String> candidates(String mediaName) {
        Set<String> names = new LinkedHashSet<>();
        add(mediaName, names);
        String stem = EntryPath.stem(mediaName);
        String extension = mediaName.substring(stem.length());
        Optional<String> original = Names.STANDARD.withoutEdited(stem);
        original.ifPresent(plain -> add(plain + extension, names));
        // Some uploads had a name without an extension, which only the exported file got.
        add(original.orElse(stem), names);
        return List.copyOf(names);
    }

    private static void add(String name, Set<String> names) {
        if (name.isEmpty()) {
            return;
        }
        Matcher counted = COUNTED.matcher(name);
        if (counted.matches()) {
            String plain = counted.group(1) + (counted.group(3) == null ? "" : counted.group(3));
            names.add(cut(plain + SUFFIX) + counted.group(2) + ".json");
            names.add(cut(plain) + counted.group(2) + ".json");
        }
        names.add(cut(name + SUFFIX) + ".json");
        names.add(cut(name) + ".json");
    }

    private static String cut(String name) {
        return name.length() <= CUT ? name : name.substring(0, CUT);
    }
}
