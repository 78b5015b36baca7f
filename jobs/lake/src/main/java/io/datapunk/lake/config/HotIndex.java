package io.datapunk.lake.config;

import com.typesafe.config.Config;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * An index that served copies of a dataset get. Names and values are data, never SQL.
 *
 * @param keys what is searched by; for {@link Method#GIST} the two ends of a range
 * @param covering columns that stand in the index only to be read from it
 * @param where the rows that are in it have all of these properties; empty: all rows
 */
public record HotIndex(Method method, List<Key> keys, List<String> covering, List<Condition> where)
        implements Serializable {
    static final String ALLOWED = "columns = [\"kind\", \"event_time desc\"], and optionally method (btree, gin, gist,"
            + " trigram), covering = [columns] (btree) and where = [\"column is not null\", \"column is null\","
            + " \"column = 'text'\"]; gin and trigram take one column, gist the two ends of a range";
    private static final Set<String> KEYS = Set.of("method", "columns", "covering", "where");
    private static final Pattern CONDITION =
            Pattern.compile("(.+?)\\s+(is\\s+null|is\\s+not\\s+null)|(.+?)\\s*=\\s*'(.*)'");

    /** What kind of searches it serves. */
    public enum Method {
        /** Equality, ranges, order. */
        BTREE,
        /** Elements of arrays, parts of {@code jsonb}. */
        GIN,
        /** Ranges that begin in one column and end before another. */
        GIST,
        /** Parts of texts, {@code LIKE '%…%'}; needs the extension pg_trgm. */
        TRIGRAM
    }

    /** A column that is searched by. */
    public record Key(String column, boolean descending) implements Serializable {
        private static Key parse(String text) {
            String lower = text.toLowerCase(Locale.ROOT);
            boolean descending = lower.endsWith(" desc");
            boolean ordered = descending || lower.endsWith(" asc");
            return new Key(ordered ? text.substring(0, text.lastIndexOf(' ')).strip() : text.strip(), descending);
        }
    }

    /** What holds for the rows of a partial index. */
    public record Condition(String column, Test test, String value) implements Serializable {
        /** How the column is looked at. */
        public enum Test {
            IS_NULL,
            IS_NOT_NULL,
            /** For texts. */
            EQUALS
        }

        private static Optional<Condition> parse(String text) {
            Matcher matcher = CONDITION.matcher(text.strip());
            if (!matcher.matches()) {
                return Optional.empty();
            }
            if (matcher.group(1) == null) {
                return Optional.of(new Condition(
                        matcher.group(3), Test.EQUALS, matcher.group(4).replace("''", "'")));
            }
            Test test = matcher.group(2).contains("not") ? Test.IS_NOT_NULL : Test.IS_NULL;
            return Optional.of(new Condition(matcher.group(1), test, ""));
        }
    }

    public HotIndex {
        keys = List.copyOf(keys);
        covering = List.copyOf(covering);
        where = List.copyOf(where);
    }

    /** Every column that it names. */
    public List<String> columns() {
        return Stream.of(
                        keys.stream().map(Key::column),
                        covering.stream(),
                        where.stream().map(Condition::column))
                .flatMap(names -> names)
                .toList();
    }

    /** Empty where the group is not {@value #ALLOWED}. */
    static Optional<HotIndex> parse(Config group) {
        if (!KEYS.containsAll(group.root().keySet())) {
            return Optional.empty();
        }
        Optional<Method> method = Stream.of(Method.values())
                .filter(known -> known.name()
                        .toLowerCase(Locale.ROOT)
                        .equals(group.hasPath("method") ? group.getString("method") : "btree"))
                .findFirst();
        List<Key> keys = group.getStringList("columns").stream().map(Key::parse).toList();
        List<String> covering = group.hasPath("covering") ? group.getStringList("covering") : List.of();
        List<Condition> where = new ArrayList<>();
        for (String condition : group.hasPath("where") ? group.getStringList("where") : List.<String>of()) {
            Optional<Condition> parsed = Condition.parse(condition);
            if (parsed.isEmpty()) {
                return Optional.empty();
            }
            where.add(parsed.get());
        }
        return method.map(known -> new HotIndex(known, keys, covering, where)).filter(HotIndex::isPossible);
    }

    private boolean isPossible() {
        boolean plain = covering.isEmpty() && keys.stream().noneMatch(Key::descending);
        boolean named = columns().stream().noneMatch(String::isEmpty);
        return named
                && switch (method) {
                    case BTREE -> !keys.isEmpty();
                    case GIN, TRIGRAM -> keys.size() == 1 && plain;
                    case GIST -> keys.size() == 2 && plain;
                };
    }
}
