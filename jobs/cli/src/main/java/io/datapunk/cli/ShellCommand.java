package io.datapunk.cli;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What can be asked of the shell itself, in psql's words. */
enum ShellCommand {
    TABLES("\\d", "[TABLE]", "the tables, or the columns of one"),
    EXPANDED("\\x", "[on|off|auto]", "one value in a line; auto: where a table is wider than the terminal"),
    TIMING("\\timing", "[on|off]", "how long statements take"),
    FORMAT("\\format", "FORMAT", "table, csv or json"),
    HELP("\\?", "", "this"),
    QUIT("\\q", "", "ends, as Ctrl-D does");

    private static final Set<String> PLAIN_WORDS = Set.of("help", "quit", "exit");

    private final String word;
    private final String argument;
    private final String meaning;

    ShellCommand(String word, String argument, String meaning) {
        this.word = word;
        this.argument = argument;
        this.meaning = meaning;
    }

    /** Whether a line is no SQL. */
    static boolean isOne(String line) {
        return line.stripLeading().startsWith("\\") || PLAIN_WORDS.contains(plain(line));
    }

    /** The command that a line begins with; empty for one that there is not. */
    static Optional<ShellCommand> of(String line) {
        return switch (plain(line)) {
            case "help" -> Optional.of(HELP);
            case "quit", "exit" -> Optional.of(QUIT);
            default -> {
                String first = line.strip().split("[\\s;]")[0];
                yield Arrays.stream(values())
                        .filter(command -> command.word.equals(first))
                        .findFirst();
            }
        };
    }

    private static String plain(String line) {
        return line.strip().replaceFirst("\\s*;$", "").toLowerCase(Locale.ROOT);
    }

    String word() {
        return word;
    }

    String usage() {
        return (word + " " + argument).strip();
    }

    String meaning() {
        return meaning;
    }
}
