package io.datapunk.lake.config;

import java.io.Serializable;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Accesses over time.
 *
 * @param text as it was written, such as {@code 10/h}
 * @param perHour accesses per hour
 */
public record Rate(String text, double perHour) implements Serializable {
    static final String ALLOWED = "accesses per hour, day or week, as 10/h, 1/d or 0.5/w";
    private static final Pattern FORM = Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*/\\s*([hdw])");

    /** Reads {@code 10/h}, {@code 1/d} or {@code 0.5/w}; empty where the text has another form. */
    static Optional<Rate> parse(String text) {
        Matcher matcher = FORM.matcher(text.strip());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        double hours =
                switch (matcher.group(2)) {
                    case "h" -> 1;
                    case "d" -> 24;
                    default -> 7 * 24;
                };
        return Optional.of(new Rate(text.strip(), Double.parseDouble(matcher.group(1)) / hours));
    }

    @Override
    public String toString() {
        return text;
    }
}
