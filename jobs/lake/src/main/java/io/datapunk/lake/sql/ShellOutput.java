package io.datapunk.lake.sql;

import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;

/**
 * A table, or, where that would be wider than the terminal, a block for each row with one value in a line. A statement
 * without columns, as {@code USE}, is answered {@code OK}.
 */
final class ShellOutput implements SqlSink {
    private static final int LONGEST_VALUE = 4096;

    private final Writer out;
    private final int width;
    private final TableOutput table;
    private final List<List<Object>> held = new ArrayList<>();
    private List<SqlColumn> columns = List.of();
    private int[] widths;
    private boolean isExpanded;
    private boolean isTable;
    private long rows;

    ShellOutput(Writer out, int width) {
        this.out = out;
        this.width = width;
        this.table = new TableOutput(out);
    }

    @Override
    public void columns(List<SqlColumn> all) throws IOException {
        columns = all;
        table.columns(all);
        widths = new int[all.size()];
        measure(all.stream().map(SqlColumn::name).toList());
        isExpanded = isTooWide();
    }

    @Override
    public void row(List<Object> values) throws IOException {
        if (isTable) {
            table.row(values);
            return;
        }
        List<Object> row = new ArrayList<>(values.size());
        for (Object value : values) {
            row.add(value == null ? null : TableOutput.oneLine(SqlValue.toText(value), LONGEST_VALUE));
        }
        held.add(row);
        if (!isExpanded) {
            measure(row);
            isExpanded = isTooWide();
        }
        if (isExpanded) {
            printExpanded();
        } else if (held.size() == TableOutput.ROWS_THAT_SET_THE_WIDTHS) {
            printTable();
        }
    }

    @Override
    public void end() throws IOException {
        if (columns.isEmpty()) {
            out.write("OK\n");
        } else {
            if (isExpanded && rows > 0) {
                TableOutput.printCount(rows, out);
            } else {
                printTable();
                table.end();
            }
            // Another answer may follow.
            out.write('\n');
        }
        out.flush();
    }

    private void measure(List<?> cells) {
        for (int i = 0; i < widths.length; i++) {
            widths[i] = Math.max(widths[i], TableOutput.width(TableOutput.cell(cells.get(i))));
        }
    }

    /** With a blank at both ends of each column, and lines between them. */
    private boolean isTooWide() {
        long total = widths.length - 1L;
        for (int column : widths) {
            total += column + 2;
        }
        return total > width;
    }

    private void printTable() throws IOException {
        isTable = true;
        for (List<Object> row : held) {
            table.row(row);
        }
        held.clear();
    }

    private void printExpanded() throws IOException {
        int widest = columns.stream()
                .mapToInt(column -> TableOutput.width(column.name()))
                .max()
                .orElse(0);
        for (List<Object> row : held) {
            String title = "─[ RECORD " + ++rows + " ]";
            out.write(title + "─".repeat(Math.max(1, widest + 20 - title.length())) + "\n");
            for (int i = 0; i < columns.size(); i++) {
                String name = columns.get(i).name();
                String padding = " ".repeat(widest - TableOutput.width(name));
                out.write(" " + name + padding + " │ " + (row.get(i) == null ? "null" : row.get(i)) + "\n");
            }
        }
        held.clear();
    }
}
