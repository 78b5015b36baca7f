package io.datapunk.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A piece of Spark SQL, as far as a shell has to understand it. Blanks are no tokens.
 *
 * @param from its first character's index in the text
 * @param to the index behind its last character
 * @param closed whether its end was found; only what is quoted, and comments, can lack one
 */
record SqlToken(Kind kind, String text, int from, int to, boolean closed) {
    enum Kind {
        /** A keyword, a number, or a name with its dots, as {@code user_data.activity}. */
        WORD,
        /** A text, or a name in double quotes or backticks. */
        QUOTED,
        COMMENT,
        SEMICOLON,
        /** Any other character. */
        SYMBOL
    }

    boolean isWord(String word) {
        return kind == Kind.WORD && text.equalsIgnoreCase(word);
    }

    String lowerCase() {
        return text.toLowerCase(Locale.ROOT);
    }

    /** Cuts by the rules of Spark's own lexer, whose classes a shell does not load. */
    static List<SqlToken> of(String text) {
        return new Scanner(text).all();
    }

    private static final class Scanner {
        private final String text;
        private final List<SqlToken> tokens = new ArrayList<>();
        private int at;

        Scanner(String text) {
            this.text = text;
        }

        List<SqlToken> all() {
            while (at < text.length()) {
                next();
            }
            return tokens;
        }

        private void next() {
            char c = text.charAt(at);
            if (Character.isWhitespace(c) || c == '\uFEFF') {
                at++;
            } else if (isInWord(c)) {
                word();
            } else if (c == '\'' || c == '"') {
                quoted(c, true);
            } else if (c == '`') {
                quoted(c, false);
            } else if (text.startsWith("--", at)) {
                lineComment();
            } else if (text.startsWith("/*", at)) {
                comment();
            } else if (text.startsWith("*/", at)) {
                // The end of a hint, to Spark: what follows begins no comment, as in */*.
                add(Kind.SYMBOL, at + 2, true);
            } else if (c == '$' && dollarTag().length() > 1) {
                dollarQuoted(dollarTag());
            } else {
                add(c == ';' ? Kind.SEMICOLON : Kind.SYMBOL, at + 1, true);
            }
        }

        private void word() {
            int end = at;
            while (end < text.length() && isInWord(text.charAt(end))) {
                end++;
            }
            boolean raw = "rR".indexOf(text.charAt(end - 1)) >= 0 && (end - 1 == at || text.charAt(end - 2) == '.');
            add(Kind.WORD, end, true);
            // In r'C:\' the backslash is one.
            if (raw && end < text.length() && "'\"".indexOf(text.charAt(end)) >= 0) {
                quoted(text.charAt(end), false);
            }
        }

        private static boolean isInWord(char c) {
            return Character.isLetterOrDigit(c) || c == '_' || c == '.';
        }

        /** Two quotes within are one; cut in two tokens there, which is the same to a shell. */
        private void quoted(char quote, boolean escapes) {
            int end = at + 1;
            while (end < text.length() && text.charAt(end) != quote) {
                end += escapes && text.charAt(end) == '\\' ? 2 : 1;
            }
            boolean closed = end < text.length();
            add(Kind.QUOTED, closed ? end + 1 : text.length(), closed);
        }

        /** {@code $$} or {@code $name$} where a text begins here, else less. */
        private String dollarTag() {
            int end = at + 1;
            while (end < text.length() && isLatinLetter(text.charAt(end))) {
                end++;
            }
            return end < text.length() && text.charAt(end) == '$' ? text.substring(at, end + 1) : "";
        }

        private static boolean isLatinLetter(char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        }

        private void dollarQuoted(String tag) {
            int end = text.indexOf(tag, at + tag.length());
            add(Kind.QUOTED, end < 0 ? text.length() : end + tag.length(), end >= 0);
        }

        /** A backslash at its end continues it in the next line. */
        private void lineComment() {
            int end = at;
            while (end < text.length() && "\r\n".indexOf(text.charAt(end)) < 0) {
                end += text.startsWith("\\\n", end) ? 2 : 1;
            }
            add(Kind.COMMENT, end, true);
        }

        /** Comments nest. */
        private void comment() {
            int depth = 0;
            int end = at;
            do {
                if (text.startsWith("/*", end)) {
                    depth++;
                    end += 2;
                } else if (text.startsWith("*/", end)) {
                    depth--;
                    end += 2;
                } else {
                    end++;
                }
            } while (depth > 0 && end < text.length());
            add(Kind.COMMENT, Math.min(end, text.length()), depth == 0);
        }

        private void add(Kind kind, int end, boolean closed) {
            tokens.add(new SqlToken(kind, text.substring(at, end), at, end, closed));
            at = end;
        }
    }
}
