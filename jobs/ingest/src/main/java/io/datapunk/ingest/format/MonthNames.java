package io.datapunk.ingest.format;

import java.time.Month;
import java.time.format.TextStyle;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/** Knows the months' names, long and short, in the languages that pages are exported in. */
final class MonthNames {
    private static final List<Locale> LOCALES = List.of(
                    "en-US", "en-GB", "de", "fr", "es", "it", "pt-BR", "pt-PT", "nl", "sv", "da", "nb", "fi", "pl",
                    "tr", "ru", "uk", "cs", "ro", "hu", "ca")
            .stream()
            .map(Locale::forLanguageTag)
            .toList();
    private static final List<TextStyle> STYLES =
            List.of(TextStyle.FULL, TextStyle.FULL_STANDALONE, TextStyle.SHORT, TextStyle.SHORT_STANDALONE);

    private final Map<String, Integer> months = new HashMap<>();

    MonthNames() {
        Set<String> contradictory = new HashSet<>();
        for (Locale locale : LOCALES) {
            for (TextStyle style : STYLES) {
                for (Month month : Month.values()) {
                    String name = comparable(month.getDisplayName(style, locale));
                    if (name.isEmpty() || Character.isDigit(name.charAt(0))) {
                        continue;
                    }
                    Integer known = months.putIfAbsent(name, month.getValue());
                    if (known != null && known != month.getValue()) {
                        contradictory.add(name);
                    }
                }
            }
        }
        contradictory.forEach(months::remove);
    }

    /** 1 to 12; empty for a word that is no month, or another month in another language. */
    OptionalInt month(String word) {
        Integer month = months.get(comparable(word));
        return month == null ? OptionalInt.empty() : OptionalInt.of(month);
    }

    private static String comparable(String name) {
        String lower = EntryPath.comparable(name);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }
}
