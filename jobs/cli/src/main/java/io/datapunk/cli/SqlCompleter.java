package io.datapunk.cli;

import io.datapunk.cli.SqlToken.Kind;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.table.Column;
import io.datapunk.lake.model.table.TableShape;
import io.datapunk.lake.sql.SqlFormat;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;

/** Proposes keywords, tables, and the columns of the tables that the statement names, before or behind the cursor. */
final class SqlCompleter implements Completer {
    private static final Set<String> BEFORE_TABLES =
            Set.of("from", "join", "into", "update", "table", "describe", "desc");

    private static final List<String> KEYWORDS = List.of("""
                    all and anti any array as asc between by cache case cast create cross cube current_date
                    current_timestamp declare delete desc describe distinct else end except exclude execute exists explain
                    false filter first following from full function group grouping having history if ilike immediate in
                    inner insert intersect interval into is join last lateral left like limit map materialized merge natural
                    not null nulls offset on or order outer over partition pivot preceding range recursive replace reset
                    right rlike rollup row rows schemas select semi sets set show struct table tables tablesample temporary
                    then timestamp true unbounded union unpivot update use using values variable version view when where
                    window with within""".split("\\s+"));

    private final LakeNames names;

    SqlCompleter(LakeNames names) {
        this.names = names;
    }

    @Override
    public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
        String before = line.line().substring(0, line.cursor() - line.wordCursor());
        try {
            Stream<String> proposals =
                    ShellCommand.isOne(line.line()) ? ofCommand(before.strip()) : ofStatement(line, before.length());
            // JLine would take what only contains the word, too.
            proposals
                    .filter(proposal -> proposal.regionMatches(true, 0, line.word(), 0, line.wordCursor()))
                    .distinct()
                    .map(Candidate::new)
                    .forEach(candidates::add);
        } catch (LakeException unreadable) {
            // The statement itself will say what is the matter.
        }
    }

    private Stream<String> ofCommand(String command) {
        return switch (command) {
            case "" -> Arrays.stream(ShellCommand.values()).map(ShellCommand::word);
            case "\\d" -> tables();
            case "\\format" ->
                Arrays.stream(SqlFormat.values()).map(format -> format.name().toLowerCase(Locale.ROOT));
            case "\\timing" -> Stream.of("on", "off");
            case "\\x" -> Stream.of("on", "off", "auto");
            default -> Stream.empty();
        };
    }

    private Stream<String> ofStatement(ParsedLine line, int wordFrom) {
        List<SqlToken> statement = new ArrayList<>();
        Optional<SqlToken> previous = Optional.empty();
        for (SqlToken token : SqlToken.of(line.line())) {
            boolean isBefore = token.to() <= wordFrom;
            if (token.kind() == Kind.QUOTED || token.kind() == Kind.COMMENT) {
                boolean isOpen = !token.closed() || (token.text().startsWith("--") && token.to() == line.cursor());
                if (token.from() < line.cursor() && (line.cursor() < token.to() || isOpen)) {
                    return Stream.empty();
                }
            } else if (token.kind() == Kind.SEMICOLON) {
                if (!isBefore) {
                    break;
                }
                statement.clear();
                previous = Optional.empty();
            } else {
                statement.add(token);
                previous = isBefore ? Optional.of(token) : previous;
            }
        }
        if (previous.isPresent() && BEFORE_TABLES.contains(previous.get().lowerCase())) {
            return tables();
        }
        return Stream.of(columns(statement, line.word()), keywords(statement, line.word()), tables())
                .flatMap(proposals -> proposals);
    }

    private Stream<String> tables() {
        return names.tables().stream().map(DatasetName::toString);
    }

    /** In capitals where what was typed is. */
    private static Stream<String> keywords(List<SqlToken> statement, String word) {
        String typed = word.isEmpty() && !statement.isEmpty() ? statement.get(0).text() : word;
        boolean capitals = !typed.isEmpty() && Character.isUpperCase(typed.charAt(0));
        return KEYWORDS.stream().map(keyword -> capitals ? keyword.toUpperCase(Locale.ROOT) : keyword);
    }

    /** By their names alone, and, once a table or its alias and a dot are typed, with those. */
    private Stream<String> columns(List<SqlToken> statement, String word) {
        String qualifier = word.substring(0, word.lastIndexOf('.') + 1);
        List<String> columns = new ArrayList<>();
        for (int i = 0; i < statement.size(); i++) {
            String name = statement.get(i).text();
            Optional<TableShape> table =
                    isName(statement.get(i)) ? names.find(name).flatMap(names::shape) : Optional.empty();
            if (table.isPresent()) {
                String alias = alias(statement, i);
                boolean isMeant = Stream.of("", name + ".", table.get().name().name() + ".", alias + ".")
                        .anyMatch(qualifier::equalsIgnoreCase);
                if (isMeant) {
                    table.get().columns().forEach(column -> columns.add(qualifier + quoted(column)));
                }
            }
        }
        return columns.stream();
    }

    private static String alias(List<SqlToken> statement, int table) {
        int next = table + 1 < statement.size() && statement.get(table + 1).isWord("as") ? table + 2 : table + 1;
        return next < statement.size() && isName(statement.get(next))
                ? statement.get(next).text()
                : "";
    }

    private static boolean isName(SqlToken token) {
        return token.kind() == Kind.WORD && !KEYWORDS.contains(token.lowerCase());
    }

    private static String quoted(Column column) {
        return column.name().matches("[A-Za-z_][A-Za-z0-9_]*") ? column.name() : "`" + column.name() + "`";
    }
}
