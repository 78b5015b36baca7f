package io.datapunk.ingest.format;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The localised names of files and folders, by the table {@code names.tsv}. */
final class Names {
    /** What a name can say. */
    enum Role {
        ACTIVITY,
        WATCH_HISTORY,
        SEARCH_HISTORY,
        BROWSER_HISTORY,
        LOCATION_RECORDS,
        TIMELINE,
        ALBUM_METADATA,
        PHOTOS,
        PHOTOS_OF_YEAR,
        EDITED
    }

    static final Names STANDARD = new Names();

    private static final Pattern COUNTER = Pattern.compile(" ?\\(\\d{1,4}\\)$");
    private static final Pattern YEAR = Pattern.compile("[ -]?(?:19|20)\\d\\d$");

    private final Map<Role, Set<String>> names = new EnumMap<>(Role.class);
    private final List<String> editedSuffixes;

    private Names() {
        for (String[] row : Resource.rows("names.tsv")) {
            Role role = Role.valueOf(row[0].replace('-', '_').toUpperCase(Locale.ROOT));
            names.computeIfAbsent(role, r -> new HashSet<>()).add(EntryPath.comparable(row[2]));
        }
        List<String> longestFirst = new ArrayList<>(names.get(Role.EDITED));
        longestFirst.sort(Comparator.comparing(String::length).reversed());
        editedSuffixes = List.copyOf(longestFirst);
    }

    /** Whether a file's name, without extension and counter, has the role. */
    boolean fileIs(String path, Role role) {
        return names.get(role)
                .contains(COUNTER.matcher(EntryPath.comparable(EntryPath.stem(path)))
                        .replaceFirst(""));
    }

    /** Whether one of the folders above a file has the role. */
    boolean liesIn(String path, Role role) {
        String[] parts = path.split("/");
        for (int i = 0; i < parts.length - 1; i++) {
            if (names.get(role).contains(EntryPath.comparable(parts[i]))) {
                return true;
            }
        }
        return false;
    }

    /** Whether a folder holds all photos of a year, so that its name is no album's. */
    boolean isYearFolder(String folder) {
        String name = EntryPath.comparable(folder);
        String prefix = YEAR.matcher(name).replaceFirst("");
        return !prefix.equals(name) && names.get(Role.PHOTOS_OF_YEAR).contains(prefix);
    }

    /** The stem without the suffix that an edited photo's name has; empty where it has none. */
    Optional<String> withoutEdited(String stem) {
        String name = EntryPath.comparable(stem);
        return editedSuffixes.stream()
                .filter(name::endsWith)
                .findFirst()
                .map(suffix -> stem.substring(0, Math.max(0, stem.length() - suffix.length())));
    }
}
