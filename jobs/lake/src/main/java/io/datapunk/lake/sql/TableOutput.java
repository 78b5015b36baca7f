package io.datapunk.lake.sql;

import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;

/** Aligned columns. The first rows set the widths, so a long answer starts to print at once and needs no memory. */
final class TableOutput implements SqlSink {
    static final int ROWS_THAT_SET_THE_WIDTHS = 500;
    private static final int WIDEST = 80;

    private final Writer out;
    private final List<List<String>> held = new ArrayList<>();
    private List<SqlColumn> columns = List.of();
    private int[] widths;
    private long rows;

    TableOutput(Writer out) {
        this.out = out;
    }

    @Override
    public void columns(List<SqlColumn> all) {
        columns = all;
    }

    @Override
    public void row(List<Object> values) throws IOException {
        rows++;
        List<String> cells = new ArrayList<>(values.size());
        for (Object value : values) {
            cells.add(cell(value));
        }
        if (widths != null) {
            line(cells);
            return;
        }
        held.add(cells);
        if (held.size() == ROWS_THAT_SET_THE_WIDTHS) {
            printHeld();
        }
    }

    @Override
    public void end() throws IOException {
        if (widths == null) {
            printHeld();
        }
        printCount(rows, out);
    }

    static void printCount(long rows, Writer out) throws IOException {
        out.write("(" + rows + (rows == 1 ? " row" : " rows") + ")\n");
        out.flush();
    }

    private void printHeld() throws IOException {
        List<String> names =
                columns.stream().map(column -> oneLine(column.name(), WIDEST)).toList();
        widths = new int[names.size()];
        for (int i = 0; i < widths.length; i++) {
            widths[i] = width(names.get(i));
            for (List<String> cells : held) {
                widths[i] = Math.max(widths[i], width(cells.get(i)));
            }
        }
        line(names);
        List<String> rules = new ArrayList<>();
        for (int width : widths) {
            rules.add("─".repeat(width + 2));
        }
        out.write(String.join("┼", rules));
        out.write('\n');
        for (List<String> cells : held) {
            line(cells);
        }
        held.clear();
    }

    private void line(List<String> cells) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < cells.size(); i++) {
            String padding = " ".repeat(Math.max(0, widths[i] - width(cells.get(i))));
            line.append(i == 0 ? " " : "│ ");
            line.append(columns.get(i).isNumber() ? padding + cells.get(i) : cells.get(i) + padding);
            line.append(' ');
        }
        out.write(line.toString().stripTrailing());
        out.write('\n');
    }

    static String cell(Object value) {
        return value == null ? "null" : oneLine(SqlValue.toText(value), WIDEST);
    }

    static String oneLine(String text, int longest) {
        StringBuilder line = new StringBuilder();
        text.codePoints()
                .limit(longest + 1L)
                .forEach(character -> line.appendCodePoint(Character.isISOControl(character) ? ' ' : character));
        if (width(line.toString()) <= longest) {
            return line.toString();
        }
        return line.substring(0, line.offsetByCodePoints(0, longest - 1)) + "…";
    }

    static int width(String text) {
        return text.codePointCount(0, text.length());
    }
}
