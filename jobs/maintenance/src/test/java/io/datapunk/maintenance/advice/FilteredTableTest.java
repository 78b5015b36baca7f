package io.datapunk.maintenance.advice;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.lake.delta.TableSnapshot;
import io.datapunk.lake.model.DataFile;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.PartitionFiles;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.table.ActivityTable;
import io.datapunk.lake.model.table.TableShape;
import io.datapunk.maintenance.advice.FilteredTable.Clustering;
import io.datapunk.maintenance.advice.FilteredTable.Unpruned;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class FilteredTableTest {
    private static final DatasetName ACTIVITY = ActivityTable.DEFINITION.name();
    private static final PartitionFiles JUNE = month("2026-06", 200_000, 30);
    private static final PartitionFiles JULY = month("2026-07", 100_000, 20);
    private static final PartitionFiles AUGUST = month("2026-08", 99_999, 10);

    @Test
    void aColumnThatMostQueriesFilterByIsTriedOnThePartitionThatTheyReadMost() {
        assertThat(tables(use(12, "user_data.activity/month=2026-07", "kind", "month"), use(9, "", "user_id"))
                        .clustering())
                .contains(new Clustering("kind", 12, 9, JULY));
    }

    @Test
    void aPartitionThatIsSmallTellsNothing() {
        assertThat(tables(use(12, "user_data.activity/month=2026-08", "kind")).clustering())
                .as("the largest instead")
                .contains(new Clustering("kind", 12, 0, JUNE));
    }

    @Test
    void filesStayAsTheyAreForWhatMostQueriesAskOrAFewAskOnly() {
        assertThat(tables(use(12, "", "kind"), use(12, "", "user_id")).clustering())
                .isEmpty();
        assertThat(tables(use(9, "", "kind")).clustering()).isEmpty();
        assertThat(tables(use(99, "", "month")).clustering()).isEmpty();
        assertThat(tables(List.of("kind"), use(99, "", "kind")).clustering()).isEmpty();
    }

    @Test
    void aTimeThatLeavesOutNoPartitionIsTold() {
        assertThat(tables(use(10, "user_data.activity/month=2026-06", 3, "event_time"))
                        .unpruned("event_time"))
                .contains(new Unpruned("event_time", 10, 60, 30));
        assertThat(tables(use(10, "user_data.activity/*", 1, "event_time")).unpruned("event_time"))
                .isPresent();
    }

    @Test
    void aTimeThatLeavesOutPartitionsOrStandsBesideThemIsFine() {
        assertThat(tables(use(10, "user_data.activity/month=2026-06", 1, "event_time"))
                        .unpruned("event_time"))
                .isEmpty();
        assertThat(tables(use(10, "user_data.activity/month=2026-06", 3, "event_time", "month"))
                        .unpruned("event_time"))
                .isEmpty();
    }

    private static FilteredTable tables(FilterUse... uses) {
        return tables(List.of(), uses);
    }

    private static FilteredTable tables(List<String> sortedBy, FilterUse... uses) {
        return new FilteredTable(
                ActivityTable.DEFINITION,
                new TableSnapshot(
                        ACTIVITY,
                        5,
                        Instant.EPOCH,
                        new TableShape(ACTIVITY, List.of(), List.of()),
                        List.of(JUNE, JULY, AUGUST)),
                sortedBy,
                List.of(uses));
    }

    private static FilterUse use(long queries, String mostRead, String... columns) {
        return use(queries, mostRead, 1, columns);
    }

    private static FilterUse use(long queries, String mostRead, double partitions, String... columns) {
        return new FilterUse(ACTIVITY, new TreeSet<>(Set.of(columns)), queries, partitions, mostRead);
    }

    private static PartitionFiles month(String month, long rows, long bytes) {
        return new PartitionFiles(
                PartitionName.of(ACTIVITY, "month", month),
                5,
                List.of(new DataFile("month=" + month + "/a.parquet", bytes, 0, rows, Map.of(), "")));
    }
}
