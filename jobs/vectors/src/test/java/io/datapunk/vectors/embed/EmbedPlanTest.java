package io.datapunk.vectors.embed;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.vectors.embed.EmbedPlan.Batch;
import io.datapunk.vectors.embed.EmbedPlan.MonthRows;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class EmbedPlanTest {
    @Test
    void smallMonthsGoTogetherAndALargeOneInParts() {
        assertThat(EmbedPlan.batches(
                        List.of(
                                new MonthRows("2026-01", 40),
                                new MonthRows("2026-02", 250),
                                new MonthRows("2026-03", 0),
                                new MonthRows("2026-04", 60),
                                new MonthRows("2026-05", 40),
                                new MonthRows("undated", 10)),
                        100))
                .containsExactly(
                        new Batch(List.of("2026-05", "undated"), 0, 1),
                        new Batch(List.of("2026-04"), 0, 1),
                        new Batch(List.of("2026-02"), 0, 3),
                        new Batch(List.of("2026-02"), 1, 3),
                        new Batch(List.of("2026-02"), 2, 3),
                        new Batch(List.of("2026-01"), 0, 1));
        assertThat(EmbedPlan.batches(List.of(new MonthRows("2026-03", 0)), 100)).isEmpty();
    }

    @Property(tries = 300)
    void everyMonthIsWrittenOnceAndNoBatchIsTooLarge(
            @ForAll @Size(max = 30) List<@IntRange(max = 500) Integer> rows,
            @ForAll @IntRange(min = 1, max = 300) int most) {
        List<MonthRows> months = IntStream.range(0, rows.size())
                .mapToObj(month -> new MonthRows("%04d-01".formatted(month), rows.get(month)))
                .toList();

        List<String> written = new ArrayList<>();
        for (Batch batch : EmbedPlan.batches(months, most)) {
            double size = batch.months().stream()
                            .mapToDouble(month -> rows.get(Integer.parseInt(month.substring(0, 4))))
                            .sum()
                    / batch.parts();
            assertThat(size).isPositive().isLessThanOrEqualTo(most);
            if (batch.part() == 0) {
                written.addAll(batch.months());
            }
        }
        assertThat(written)
                .containsExactlyInAnyOrderElementsOf(months.stream()
                        .filter(month -> month.rows() > 0)
                        .map(MonthRows::month)
                        .toList());
    }
}
