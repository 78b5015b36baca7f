package io.datapunk.maintenance.advice;

import io.datapunk.lake.postgres.TuningTrials.Search;
import io.datapunk.lake.postgres.TuningTrials.SearchedColumn;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a condition as PostgreSQL's verbose plans print it: which columns every row of a scan has to match, where they are
 * compared with what is known before the scan begins.
 *
 * <p>Parsers of SQL are for what people write. Plans put each operation into parentheses and name each column with its table, so
 * that little has to be understood; of so many parentheses JSqlParser 5.3 takes minutes.
 */
final class ScanConditions {
    private static final String NAME = "(?:[A-Za-z_]\\w*|\"(?:[^\"]|\"\")+\")";
    private static final String COLUMN = NAME + "\\.(" + NAME + ")";
    private static final Pattern COMPARISON = Pattern.compile(
            "(?:" + COLUMN + "|\\(" + COLUMN + "\\)::text) (=|<|<=|>|>=|~~\\*?|@>) (.+)", Pattern.DOTALL);
    private static final Pattern FLAG = Pattern.compile(COLUMN + "(?= AND |$)");
    private static final Pattern TEXT = Pattern.compile("'(?:[^']|'')*'");
    private static final Pattern UNKNOWN = Pattern.compile(COLUMN + "|SubPlan|^ALL\\b");

    private static final Map<String, Search> SEARCHES =
            Map.of("=", Search.EQUAL, "~~", Search.PART, "~~*", Search.PART, "@>", Search.CONTAINED);

    private ScanConditions() {}

    /** @return nothing of what no index of a column would serve: a scan of which less is known gives less advice */
    static List<SearchedColumn> of(String condition) {
        List<SearchedColumn> columns = new ArrayList<>();
        for (String part : parts(unwrapped(condition))) {
            column(unwrapped(part)).ifPresent(columns::add);
        }
        return columns;
    }

    private static Optional<SearchedColumn> column(String comparison) {
        Matcher matcher = COMPARISON.matcher(comparison);
        if (!matcher.matches()
                || UNKNOWN.matcher(TEXT.matcher(matcher.group(4)).replaceAll(""))
                        .find()) {
            return Optional.empty();
        }
        String name = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
        return Optional.of(new SearchedColumn(unquoted(name), SEARCHES.getOrDefault(matcher.group(3), Search.RANGE)));
    }

    private static String unquoted(String name) {
        return name.startsWith("\"") ? name.substring(1, name.length() - 1).replace("\"\"", "\"") : name;
    }

    /** Without the parentheses around all of it. */
    private static String unwrapped(String text) {
        return text.startsWith("(") && end(text, 0) == text.length() - 1 ? text.substring(1, text.length() - 1) : text;
    }

    /** What is joined by AND: each part stands in parentheses then, or is a column that is true or false. */
    private static List<String> parts(String text) {
        List<String> parts = new ArrayList<>();
        Matcher flag = FLAG.matcher(text);
        for (int from = 0; from < text.length(); from += " AND ".length()) {
            int next = text.charAt(from) == '('
                    ? end(text, from) + 1
                    : flag.region(from, text.length()).lookingAt() ? flag.end() : -1;
            if (next < 0 || next < text.length() && !text.startsWith(" AND ", next)) {
                return List.of(text);
            }
            parts.add(text.substring(from, Math.min(next, text.length())));
            from = next;
        }
        return parts;
    }

    /** Where the parenthesis closes that opens there. */
    private static int end(String text, int open) {
        int depth = 0;
        char quote = 0;
        for (int i = open; i < text.length(); i++) {
            char character = text.charAt(i);
            if (quote != 0) {
                quote = character == quote ? 0 : quote;
            } else if (character == '\'' || character == '"') {
                quote = character;
            } else if (character == '(') {
                depth++;
            } else if (character == ')' && --depth == 0) {
                return i;
            }
        }
        return text.length();
    }
}
