package io.datapunk.ingest.format;

import io.datapunk.ingest.record.ZoneCertainty;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Finds the offset that a time zone's abbreviation means, by the table {@code zone-abbreviations.tsv}. */
final class ZoneAbbreviations {
    /** An offset and how sure it is. */
    record Offset(ZoneOffset offset, ZoneCertainty certainty) {}

    private record Meaning(ZoneOffset offset, ZoneId region) {
        boolean isWrittenAt(Instant instant) {
            return region.getRules().getOffset(instant).equals(offset);
        }
    }

    private final Map<String, List<Meaning>> meanings = new HashMap<>();

    ZoneAbbreviations() {
        for (String[] row : Resource.rows("zone-abbreviations.tsv")) {
            meanings.computeIfAbsent(row[0], name -> new ArrayList<>())
                    .add(new Meaning(ZoneOffset.of(row[1]), ZoneId.of(row[2])));
        }
    }

    /**
     * The offset of a zone as a page writes it: an abbreviation, or {@code GMT+2}, {@code UTC-03:30}. Exports write all
     * times in the offset of the export's day, so that a meaning that nobody wrote on that day is excluded. Where that
     * excludes all (an older export, which wrote each day's own offset), the abbreviation is taken at its word.
     *
     * @return empty for an unknown abbreviation
     */
    Optional<Offset> offset(String zone, Optional<Instant> exportedAt) {
        String name = zone.toUpperCase(Locale.ROOT);
        List<Meaning> possible = meanings.get(name);
        if (possible == null) {
            return numeric(name);
        }
        List<Meaning> current = exportedAt
                .map(at -> possible.stream().filter(m -> m.isWrittenAt(at)).toList())
                .filter(written -> !written.isEmpty())
                .orElse(possible);
        Meaning likeliest = current.get(0);
        boolean utc = likeliest.region().equals(ZoneId.of("UTC"));
        boolean sure = current.stream().allMatch(m -> m.offset().equals(likeliest.offset()));
        return Optional.of(new Offset(
                likeliest.offset(),
                utc ? ZoneCertainty.EXACT : sure ? ZoneCertainty.INFERRED : ZoneCertainty.AMBIGUOUS));
    }

    private static Optional<Offset> numeric(String name) {
        if (!name.matches("(?:GMT|UTC)[+\\-\u2212]\\d{1,2}(?::?\\d{2})?")) {
            return Optional.empty();
        }
        String digits = name.substring(4).replace(":", "");
        int sign = name.charAt(3) == '+' ? 1 : -1;
        boolean withMinutes = digits.length() > 2;
        int hours = Integer.parseInt(withMinutes ? digits.substring(0, digits.length() - 2) : digits);
        int minutes = withMinutes ? Integer.parseInt(digits.substring(digits.length() - 2)) : 0;
        if (hours > 18 || minutes > 59 || (hours == 18 && minutes > 0)) {
            return Optional.empty();
        }
        return Optional.of(new Offset(ZoneOffset.ofHoursMinutes(sign * hours, sign * minutes), ZoneCertainty.EXACT));
    }
}
