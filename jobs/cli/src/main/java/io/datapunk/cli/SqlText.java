package io.datapunk.cli;

import io.datapunk.cli.SqlToken.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Statements that stand in one text, each ended by a semicolon; of a script, {@code BEGIN … END}, those within end nothing.
 *
 * @param statements those that have ended
 * @param rest what was begun after the last of them
 * @param open what has to come before anything else can: a quote's character, {@code *} for a comment's end, {@code -} for
 *     the semicolon, or nothing
 */
record SqlText(List<Statement> statements, Optional<Statement> rest, String open) {
    /**
     * A statement without its semicolon and the comments around it.
     *
     * @param line the number of the line in which it begins, from 1
     * @param column how many characters stand before it there
     */
    record Statement(int line, int column, String sql) {
        /** Led by as many lines and blanks as there are before it, so that Spark tells places as they are in the whole text. */
        String inPlace() {
            return "\n".repeat(line - 1) + " ".repeat(column) + sql;
        }
    }

    static SqlText of(String text) {
        List<Statement> statements = new ArrayList<>();
        List<SqlToken> tokens = SqlToken.of(text);
        List<SqlToken> statement = new ArrayList<>();
        for (SqlToken token : tokens) {
            if (token.kind() == Kind.SEMICOLON && !isInScript(statement)) {
                statement(text, statement).ifPresent(statements::add);
                statement.clear();
            } else if (token.kind() != Kind.COMMENT) {
                statement.add(token);
            }
        }
        SqlToken last = tokens.isEmpty() ? null : tokens.get(tokens.size() - 1);
        String open = statement.isEmpty() ? "" : "-";
        if (last != null && !last.closed()) {
            open = last.kind() == Kind.COMMENT ? "*" : last.text().substring(0, 1);
        }
        return new SqlText(List.copyOf(statements), statement(text, statement), open);
    }

    /** What a file holds: its last statement may lack the semicolon. */
    List<Statement> all() {
        List<Statement> all = new ArrayList<>(statements);
        rest.ifPresent(all::add);
        return all;
    }

    private static Optional<Statement> statement(String text, List<SqlToken> tokens) {
        if (tokens.isEmpty()) {
            return Optional.empty();
        }
        int from = tokens.get(0).from();
        int lineStart = text.lastIndexOf('\n', from - 1) + 1;
        int line =
                1 + (int) text.substring(0, from).chars().filter(c -> c == '\n').count();
        String sql = text.substring(from, tokens.get(tokens.size() - 1).to());
        return Optional.of(new Statement(line, from - lineStart, sql));
    }

    /** {@code END IF}, {@code END WHILE} and the like need not be told apart from what they end: BEGIN is around them. */
    private static boolean isInScript(List<SqlToken> tokens) {
        if (!beginsScript(tokens)) {
            return false;
        }
        int depth = 0;
        for (int i = 0; i < tokens.size(); i++) {
            SqlToken token = tokens.get(i);
            SqlToken next = i + 1 < tokens.size() ? tokens.get(i + 1) : token;
            if (token.isWord("END")) {
                boolean ofLoopOrBranch =
                        List.of("if", "while", "loop", "repeat", "for").contains(next.lowerCase());
                depth -= ofLoopOrBranch ? 0 : 1;
                i += next.isWord("CASE") ? 1 : 0;
            } else if (token.isWord("BEGIN") || token.isWord("CASE")) {
                depth++;
            }
        }
        return depth > 0;
    }

    private static boolean beginsScript(List<SqlToken> tokens) {
        boolean labelled = tokens.size() > 2 && tokens.get(1).text().equals(":");
        return !tokens.isEmpty() && tokens.get(labelled ? 2 : 0).isWord("BEGIN");
    }
}
