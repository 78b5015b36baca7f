package io.datapunk.cli;

import java.util.List;
import org.jline.reader.CompletingParsedLine;
import org.jline.reader.EOFError;
import org.jline.reader.ParsedLine;
import org.jline.reader.Parser;

/** What is typed in the shell, which may be several lines, and the word in it that the cursor is in or behind. */
record SqlLine(String line, int cursor, String word, int wordCursor) implements CompletingParsedLine {
    /** Goes on to the next line until a statement has ended; commands of the shell are one line. */
    static final class LineParser implements Parser {
        @Override
        public ParsedLine parse(String line, int cursor, ParseContext context) {
            boolean isEntered = context == ParseContext.ACCEPT_LINE || context == ParseContext.SECONDARY_PROMPT;
            String open =
                    isEntered && !ShellCommand.isOne(line) ? SqlText.of(line).open() : "";
            if (!open.isEmpty()) {
                throw new EOFError(-1, -1, "the statement goes on", open);
            }
            return at(line, cursor);
        }

        @Override
        public boolean isEscapeChar(char c) {
            return false;
        }
    }

    static SqlLine at(String line, int cursor) {
        int from = cursor;
        while (from > 0 && isInWord(line.charAt(from - 1))) {
            from--;
        }
        int to = cursor;
        while (to < line.length() && isInWord(line.charAt(to))) {
            to++;
        }
        return new SqlLine(line, cursor, line.substring(from, to), cursor - from);
    }

    private static boolean isInWord(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '.' || c == '\\' || c == '?';
    }

    @Override
    public int wordIndex() {
        return 0;
    }

    @Override
    public List<String> words() {
        return List.of(word);
    }

    @Override
    public CharSequence escape(CharSequence candidate, boolean complete) {
        return candidate;
    }

    @Override
    public int rawWordCursor() {
        return wordCursor;
    }

    @Override
    public int rawWordLength() {
        return word.length();
    }
}
