package io.datapunk.vectors.embed;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What the vector of a row is made of: a text for each group of columns.
 *
 * @param parts empty where all of a group's columns are; without line breaks
 */
public record RowText(List<String> parts) {
    /** More than any model's tokens need; what comes after changes no vector. */
    static final int MOST_CHARACTERS = 32_768;

    /** Also characters that are no text: controls, and halves of pairs. */
    private static final Pattern SPACES = Pattern.compile("[\\s\\p{Z}\\p{Cc}\\p{Cs}]+");

    public RowText {
        parts = List.copyOf(parts);
    }

    /**
     * Makes texts of columns: their values one behind the other, nulls left out, any white space one blank. JSON becomes
     * words, see {@link JsonWords}. Markup stays: ingest has made text of HTML, and a title may be about {@code <div>}.
     *
     * @param groups values by group and column
     */
    static RowText of(List<List<String>> groups) {
        return new RowText(groups.stream().map(RowText::part).toList());
    }

    /** What a search asks for: each group of the rows is compared with it. */
    public static RowText asked(String text, int groups) {
        return new RowText(Collections.nCopies(groups, part(List.of(text))));
    }

    /** The opposite of {@link #text}. */
    static RowText parse(String text) {
        return new RowText(Arrays.asList(text.split("\n", -1)));
    }

    private static String part(List<String> values) {
        String joined = values.stream()
                .filter(Objects::nonNull)
                .map(value -> JsonWords.of(value).orElse(value))
                .collect(Collectors.joining(" "));
        String cut = joined.substring(0, Math.min(joined.length(), MOST_CHARACTERS));
        return SPACES.matcher(cut).replaceAll(" ").strip();
    }

    public boolean isEmpty() {
        return parts.stream().allMatch(String::isEmpty);
    }

    /** The parts in one text, a line each. */
    public String text() {
        return String.join("\n", parts);
    }
}
