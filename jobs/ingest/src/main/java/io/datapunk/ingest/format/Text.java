package io.datapunk.ingest.format;

import java.text.Normalizer;

/** Text as tables can hold it and as it is compared. */
final class Text {
    private static final char REPLACEMENT = '\ufffd';

    private Text() {}

    /** Replaces what no text column can hold: NUL, and halves of surrogate pairs. */
    static String storable(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0 || Character.isSurrogate(c)) {
                return repaired(text, i);
            }
        }
        return text;
    }

    private static String repaired(String text, int from) {
        StringBuilder out = null;
        int i = from;
        while (i < text.length()) {
            char c = text.charAt(i);
            boolean pair = Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1));
            if (pair) {
                i += 2;
                continue;
            }
            if (c == 0 || Character.isSurrogate(c)) {
                if (out == null) {
                    out = new StringBuilder(text);
                }
                out.setCharAt(i, REPLACEMENT);
            }
            i++;
        }
        return out == null ? text : out.toString();
    }

    /** NFC with every run of white space as one space: equal for a title in JSON and in HTML. */
    static String comparable(String text) {
        String folded = Normalizer.isNormalized(text, Normalizer.Form.NFC)
                ? text
                : Normalizer.normalize(text, Normalizer.Form.NFC);
        StringBuilder out = new StringBuilder(folded.length());
        boolean space = false;
        for (int i = 0; i < folded.length(); i++) {
            char c = folded.charAt(i);
            if (Character.isWhitespace(c) || Character.isSpaceChar(c)) {
                space = out.length() > 0;
            } else {
                if (space) {
                    out.append(' ');
                    space = false;
                }
                out.append(c);
            }
        }
        return out.toString();
    }

    static String orEmpty(String text) {
        return text == null ? "" : text;
    }

    static String emptyToNull(String text) {
        return text == null || text.isEmpty() ? null : text;
    }
}
