package io.datapunk.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.lake.model.table.Column;
import io.datapunk.lake.model.table.LakeTables;
import io.datapunk.lake.model.table.TableDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The tables' columns are an interface: whoever changes them changes {@code contracts/tables.txt} and the changelog. */
class TableSchemasTest {
    private static final Path GOLDEN = Path.of("contracts", "tables.txt");

    @Test
    void tablesHaveTheColumnsOfTheContract() throws IOException {
        String tables =
                LakeTables.all().stream().map(TableSchemasTest::describe).collect(Collectors.joining("\n"));

        assertThat(tables).isEqualTo(Files.readString(GOLDEN));
    }

    private static String describe(TableDefinition table) {
        return "%s (partition: %s, change data feed: %s, sorted by: %s)%n%s"
                .formatted(
                        table.name(),
                        table.partitionColumn().orElse("none"),
                        table.changeDataFeed() ? "on" : "off",
                        table.sortedBy().isEmpty() ? "nothing" : String.join(", ", table.sortedBy()),
                        table.columns().stream().map(TableSchemasTest::describe).collect(Collectors.joining()));
    }

    private static String describe(Column column) {
        return "  %s %s%s%s%n"
                .formatted(
                        column.name(),
                        column.type(),
                        column.nullable() ? "" : " not null",
                        column.statistics() ? " with statistics" : "");
    }
}
