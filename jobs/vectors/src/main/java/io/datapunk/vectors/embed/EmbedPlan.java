package io.datapunk.vectors.embed;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What is brought into the table in one go: bounded, so that little is lost when a run is killed; by month, so that few
 * files are touched.
 */
final class EmbedPlan {
    private EmbedPlan() {}

    /** @param rows of a month that are new or changed */
    record MonthRows(String month, long rows) {}

    /**
     * Whole months, or one of several parts of a single one.
     *
     * @param months sorted
     * @param part from 0
     * @param parts that rows are divided into by a hash of their key
     */
    record Batch(List<String> months, int part, int parts) {}

    /**
     * The newest months first: what happened lately is asked for most.
     *
     * @param mostRows of a batch, about: a hash does not divide exactly
     */
    static List<Batch> batches(List<MonthRows> months, long mostRows) {
        List<Batch> batches = new ArrayList<>();
        List<String> together = new ArrayList<>();
        long rows = 0;
        List<MonthRows> newestFirst = months.stream()
                .filter(month -> month.rows() > 0)
                .sorted(Comparator.comparing(MonthRows::month).reversed())
                .toList();
        for (MonthRows month : newestFirst) {
            if (rows + month.rows() > mostRows && !together.isEmpty()) {
                batches.add(whole(together));
                together.clear();
                rows = 0;
            }
            if (month.rows() > mostRows) {
                int parts = Math.toIntExact((month.rows() + mostRows - 1) / mostRows);
                for (int part = 0; part < parts; part++) {
                    batches.add(new Batch(List.of(month.month()), part, parts));
                }
            } else {
                together.add(month.month());
                rows += month.rows();
            }
        }
        if (!together.isEmpty()) {
            batches.add(whole(together));
        }
        return batches;
    }

    private static Batch whole(List<String> months) {
        return new Batch(months.stream().sorted().toList(), 0, 1);
    }
}
