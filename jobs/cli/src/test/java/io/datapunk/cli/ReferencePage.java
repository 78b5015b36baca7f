package io.datapunk.cli;

import io.datapunk.cli.metrics.Metric;
import io.datapunk.lake.model.table.Column;
import io.datapunk.lake.model.table.LakeTables;
import io.datapunk.lake.model.table.TableDefinition;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** A page of the reference, made of what the code itself knows. */
enum ReferencePage {
    COMMANDS("commands.md", """
            # Commands

            What `--help` prints, command by command. Exit codes: 0 done, 1 failed, 2 wrong usage or configuration, 3 done, but a gate
            fell short. With `--json`, stdout has one JSON object and nothing else.

            """, ReferencePage::commands),
    CONFIGURATION("configuration.md", """
            # Configuration

            Every key of [`conf/lake.conf`](../../conf/lake.conf) with its default. Later places win: that file, the file of `--conf` or
            `LAKE_CONF`, the environment (`LAKE_TIERING_HOT_ENTER_ABOVE` is `lake.tiering.hot.enter-above`), options of the command
            line. `lake config show` says what is in force, and where each value comes from. The last column names where a default
            comes from.

            """, ConfigurationReference::text),
    TABLES("tables.md", """
            # Tables

            Every table that the lake defines, as `lake sql` names it. Times are instants in UTC.

            """, ReferencePage::tables),
    METRICS("metrics.md", """
            # Metrics

            What commands tell Prometheus, by text file or Pushgateway (`lake.metrics`): gauges of the command's last run. Rules and
            dashboards in [`conf/monitoring`](../../conf/monitoring) use no others.

            """, ReferencePage::metrics);

    private static final int WIDTH = 120;

    private final String file;
    private final String introduction;
    private final Supplier<String> content;

    ReferencePage(String file, String introduction, Supplier<String> content) {
        this.file = file;
        this.introduction = introduction;
        this.content = content;
    }

    String file() {
        return file;
    }

    String text() {
        return introduction + content.get();
    }

    private static String commands() {
        return commands(new CommandLine(new LakeCommand()).setUsageHelpWidth(WIDTH));
    }

    private static String commands(CommandLine command) {
        String usage = command.getUsageMessage(Ansi.OFF)
                .lines()
                .map(String::stripTrailing)
                .collect(Collectors.joining("\n"));
        return "## %s\n\n```text\n%s\n```\n\n"
                        .formatted(command.getCommandSpec().qualifiedName(), usage.strip())
                + command.getSubcommands().values().stream()
                        .filter(below -> !below.getCommandSpec().usageMessage().hidden())
                        .map(ReferencePage::commands)
                        .collect(Collectors.joining());
    }

    private static String tables() {
        return LakeTables.all().stream()
                .sorted(Comparator.comparing(table -> table.name().toString()))
                .map(ReferencePage::table)
                .collect(Collectors.joining("\n"));
    }

    private static String table(TableDefinition table) {
        List<String> facts = new ArrayList<>(List.of(table.comment()));
        table.partitionColumn().ifPresent(column -> facts.add("Partitioned by `" + column + "`."));
        if (!table.sortedBy().isEmpty()) {
            facts.add("Files are sorted by " + names(table.sortedBy()) + ".");
        }
        if (!table.key().isEmpty()) {
            facts.add("A row is known by " + names(table.key()) + ".");
        }
        if (table.changeDataFeed()) {
            facts.add("Delta keeps its changes (change data feed).");
        }
        return "## %s\n\n%s\n\n| column | type | null | |\n|---|---|---|---|\n%s"
                .formatted(
                        table.name(),
                        String.join(" ", facts),
                        table.columns().stream().map(ReferencePage::column).collect(Collectors.joining()));
    }

    private static String column(Column column) {
        return row(
                "`" + column.name() + "`",
                "`" + column.type() + "`",
                column.nullable() ? "may be" : "never",
                column.comment());
    }

    private static String metrics() {
        return "| metric | labels | |\n|---|---|---|\n"
                + Stream.of(Metric.values())
                        .map(metric -> row("`" + metric.exportedName() + "`", names(metric.labels()), metric.help()))
                        .collect(Collectors.joining());
    }

    private static String names(List<String> names) {
        return names.stream().map("`%s`"::formatted).collect(Collectors.joining(", "));
    }

    /** A row of a table in Markdown. */
    static String row(String... cells) {
        return Stream.of(cells)
                .map(cell -> cell.replace("|", "\\|").replace("\n", " "))
                .collect(Collectors.joining(" | ", "| ", " |\n"));
    }
}
