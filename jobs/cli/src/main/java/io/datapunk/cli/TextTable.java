package io.datapunk.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Prints rows under headings, each column as wide as its widest cell; columns of numbers are aligned to the right. */
final class TextTable {
    private final List<String> headings;
    private final Set<String> numbers;
    private final List<List<String>> rows = new ArrayList<>();

    /** @param numbers the headings of the columns that hold numbers */
    TextTable(List<String> headings, Set<String> numbers) {
        this.headings = List.copyOf(headings);
        this.numbers = Set.copyOf(numbers);
    }

    void add(String... cells) {
        if (cells.length != headings.size()) {
            throw new IllegalArgumentException(cells.length + " cells for " + headings.size() + " columns");
        }
        rows.add(List.of(cells));
    }

    void print(PrintWriter out) {
        int[] widths = new int[headings.size()];
        measure(headings, widths);
        rows.forEach(row -> measure(row, widths));
        print(headings, widths, out);
        rows.forEach(row -> print(row, widths, out));
    }

    private static void measure(List<String> cells, int[] widths) {
        for (int i = 0; i < widths.length; i++) {
            widths[i] = Math.max(widths[i], width(cells.get(i)));
        }
    }

    private void print(List<String> cells, int[] widths, PrintWriter out) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String cell = cells.get(i);
            String padding = " ".repeat(widths[i] - width(cell));
            line.append(i == 0 ? "" : "  ");
            line.append(numbers.contains(headings.get(i)) ? padding + cell : cell + padding);
        }
        out.println(line.toString().stripTrailing());
    }

    private static int width(String cell) {
        return cell.codePointCount(0, cell.length());
    }
}
