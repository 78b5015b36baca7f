package io.datapunk.lake.postgres;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads lines of PostgreSQL's log that begin as {@code log_line_prefix} says. SQLSTATE decides what a line is, which it has
 * where the prefix has {@code %e}: texts are in the server's language. PostgreSQL's log in JSON has it too, and with it
 * details and contexts that quote rows, whatever {@code log_error_verbosity} says; so the lake does not ask for that.
 */
final class LogPrefix {
    private static final List<SqlState> REFUSALS =
            List.of(SqlState.INVALID_PASSWORD, SqlState.INVALID_AUTHORIZATION, SqlState.INSUFFICIENT_PRIVILEGE);

    /** What PostgreSQL cuts names to; a bound, because whoever logs in chooses what stands there. */
    private static final String ANY = ".{0,63}?";

    private static final String TIME = "\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d";

    private static final Map<Character, String> NAMED = Map.of(
            'm', "(?<at>" + TIME + "\\.\\d{3} \\S+)",
            't', "(?<at>" + TIME + " \\S+)",
            'n', "(?<at>\\d+\\.\\d+)",
            'e', "(?<state>" + REFUSALS.stream().map(SqlState::code).collect(Collectors.joining("|")) + ")",
            'u', "(?<role>" + ANY + ")",
            'd', "(?<database>" + ANY + ")");

    private static final Map<Character, String> OTHERS =
            Map.of('p', "\\d+", 'l', "\\d+", 's', TIME + " \\S+", '%', "%", 'q', "");

    /** English: in other languages the object is not told. */
    private static final Pattern OBJECT = Pattern.compile(
            "(?:permission denied for|must be owner of|policy for) ([a-z]+(?: [a-z]+)?) \"?([\\w.$-]{1,63})\"?");

    /** The same with the lake's database goes first: names of roles may have an {@code @} in them, or what else divides. */
    private final List<Pattern> lines;

    private LogPrefix(List<Pattern> lines) {
        this.lines = lines;
    }

    /**
     * @param database the lake's
     * @return empty where lines do not tell enough: the SQLSTATE ({@code %e}) and the role ({@code %u})
     */
    static Optional<LogPrefix> of(String prefix, String database) {
        Set<Character> found = new HashSet<>();
        String general = regex(prefix, found);
        if (!found.contains('e') || !found.contains('u')) {
            return Optional.empty();
        }
        String ours = general.replace(NAMED.get('d'), "(?<database>" + Pattern.quote(database) + ")");
        return Optional.of(new LogPrefix(Stream.of(ours, general)
                .map(regex -> Pattern.compile(regex + "\\s*\\p{L}+:\\s+(?<message>.*)"))
                .toList()));
    }

    private static String regex(String prefix, Set<Character> found) {
        StringBuilder regex = new StringBuilder();
        for (int at = 0; at < prefix.length(); at++) {
            if (prefix.charAt(at) != '%') {
                regex.append(Pattern.quote(prefix.substring(at, at + 1)));
                continue;
            }
            // A number between the two pads.
            int escape = at + 1;
            while (escape < prefix.length() && (prefix.charAt(escape) + "").matches("[-0-9]")) {
                escape++;
            }
            if (escape == prefix.length()) {
                break;
            }
            String pattern = pattern(prefix.charAt(escape), found);
            regex.append(escape > at + 1 ? "\\s*" + pattern + "\\s*" : pattern);
            at = escape;
        }
        return regex.toString();
    }

    private static String pattern(char escape, Set<Character> found) {
        // A group has its name once, and there is one time.
        boolean isTime = "mtn".indexOf(escape) >= 0;
        if (NAMED.containsKey(escape) && found.add(isTime ? 'm' : escape)) {
            return NAMED.get(escape);
        }
        return isTime ? "[-:. \\d]+(?: \\S+)?" : OTHERS.getOrDefault(escape, ANY);
    }

    /** What a line tells of a refusal; empty where it is about something else. */
    Optional<Refusal> refusal(String line) {
        return lines.stream()
                .map(pattern -> pattern.matcher(line))
                .filter(Matcher::matches)
                .findFirst()
                .map(LogPrefix::refusal);
    }

    private static Refusal refusal(Matcher line) {
        SqlState state = REFUSALS.stream()
                .filter(each -> each.code().equals(line.group("state")))
                .findFirst()
                .orElseThrow();
        Matcher object = OBJECT.matcher(line.group("message"));
        return new Refusal(
                state,
                line.group("role"),
                group(line, "database"),
                object.find() ? Optional.of(object.group(1) + " " + object.group(2)) : Optional.empty(),
                group(line, "at"));
    }

    private static String group(Matcher line, String name) {
        return line.pattern().pattern().contains("(?<" + name + ">") ? line.group(name) : "";
    }
}
