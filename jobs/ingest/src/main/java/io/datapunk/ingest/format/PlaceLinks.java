package io.datapunk.ingest.format;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the place that a link to a map shows. */
final class PlaceLinks {
    private static final Pattern PLACE = Pattern.compile(
            "[?&](?:center|q|query)=(-?\\d{1,3}(?:\\.\\d{1,15})?)(?:,|%2[Cc])(-?\\d{1,3}(?:\\.\\d{1,15})?)");

    private PlaceLinks() {}

    /** The first place in a text with links; null where there is none. */
    static Coordinates first(String links) {
        Matcher place = PLACE.matcher(links);
        while (place.find()) {
            try {
                return Coordinates.checked(Double.parseDouble(place.group(1)), Double.parseDouble(place.group(2)));
            } catch (Unusable e) {
                continue;
            }
        }
        return null;
    }
}
