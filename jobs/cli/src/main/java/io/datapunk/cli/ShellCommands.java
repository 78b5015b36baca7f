package io.datapunk.cli;

import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.table.LakeTables;
import io.datapunk.lake.model.table.TableDefinition;
import io.datapunk.lake.model.table.TableShape;
import io.datapunk.lake.sql.SqlFormat;
import io.datapunk.lake.sql.SqlSink;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Does what the shell itself is asked, and keeps how its answers are to be printed. */
final class ShellCommands {
    private final LakeNames names;
    private final PrintWriter out;
    private SqlFormat format;
    private Expanded expanded = Expanded.AUTO;
    private Timing timing = Timing.OFF;

    private enum Expanded {
        ON,
        OFF,
        AUTO
    }

    private enum Timing {
        ON,
        OFF
    }

    ShellCommands(LakeNames names, SqlFormat format, PrintWriter out) {
        this.names = names;
        this.format = format;
        this.out = out;
    }

    /** @param terminalWidth in characters, 0 where it is unknown */
    SqlSink answerTo(int terminalWidth) {
        int width =
                switch (expanded) {
                    case ON -> 0;
                    case OFF -> Integer.MAX_VALUE;
                    case AUTO -> terminalWidth > 0 ? terminalWidth : Integer.MAX_VALUE;
                };
        return format.to(out, width);
    }

    boolean isTimed() {
        return timing == Timing.ON;
    }

    /**
     * Returns whether the shell goes on.
     *
     * @throws LakeException where there is no such command, or not with that argument
     */
    boolean obey(String line) {
        ShellCommand command = ShellCommand.of(line)
                .orElseThrow(() -> LakeException.usage(
                        "there is no command " + line.strip(), "commands begin with a backslash", "\\? lists them"));
        String[] words = line.strip().replaceFirst("\\s*;$", "").split("\\s+");
        String argument = words.length > 1 ? words[1] : "";
        switch (command) {
            case TABLES -> {
                if (argument.isEmpty()) {
                    printTables();
                } else {
                    printColumns(argument);
                }
            }
            case EXPANDED -> {
                Expanded other = expanded == Expanded.ON ? Expanded.OFF : Expanded.ON;
                expanded = argument.isEmpty() ? other : choice(Expanded.values(), command, argument);
                out.println("Expanded display is " + lower(expanded) + ".");
            }
            case TIMING -> {
                Timing other = isTimed() ? Timing.OFF : Timing.ON;
                timing = argument.isEmpty() ? other : choice(Timing.values(), command, argument);
                out.println("Timing is " + lower(timing) + ".");
            }
            case FORMAT -> {
                format = choice(SqlFormat.values(), command, argument);
                out.println("Answers are printed as " + lower(format) + ".");
            }
            case HELP -> printHelp();
            case QUIT -> {
                return false;
            }
        }
        return true;
    }

    private static <E extends Enum<E>> E choice(E[] choices, ShellCommand command, String argument) {
        return Arrays.stream(choices)
                .filter(choice -> choice.name().equalsIgnoreCase(argument))
                .findFirst()
                .orElseThrow(() -> LakeException.usage(
                        command.word() + " does not know '" + argument + "'",
                        "it takes "
                                + Arrays.stream(choices)
                                        .map(ShellCommands::lower)
                                        .collect(Collectors.joining(", ")),
                        "write it as " + command.usage()));
    }

    private static String lower(Enum<?> choice) {
        return choice.name().toLowerCase(Locale.ROOT);
    }

    private void printTables() {
        TextTable table = new TextTable(List.of("TABLE", "WHAT IT HOLDS"), Set.of());
        names.tables().forEach(name -> {
            String comment = LakeTables.find(name).map(TableDefinition::comment).orElse("");
            table.add(name.toString(), comment);
        });
        table.print(out);
    }

    private void printColumns(String name) {
        TableShape shape = names.find(name)
                .flatMap(names::shape)
                .orElseThrow(() -> LakeException.usage(
                        "there is no table " + name, "the lake has none of that name", "\\d lists its tables"));
        TextTable table = new TextTable(List.of("COLUMN", "TYPE", "WHAT IT HOLDS"), Set.of());
        shape.columns().forEach(column -> table.add(column.name(), column.type().toString(), column.comment()));
        table.print(out);
        if (!shape.partitionColumns().isEmpty()) {
            out.println("Partitioned by " + String.join(", ", shape.partitionColumns()) + ".");
        }
    }

    private void printHelp() {
        TextTable table = new TextTable(List.of("COMMAND", "WHAT IT SHOWS OR DOES"), Set.of());
        for (ShellCommand command : ShellCommand.values()) {
            table.add(command.usage(), command.meaning());
        }
        table.print(out);
        out.println("Everything else is Spark SQL. A line that begins with a blank is not kept in the history.");
    }
}
