package io.datapunk.ingest.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.ingest.job.KeyRow.Origin;
import io.datapunk.ingest.record.MatchRule;
import io.datapunk.lake.model.table.ActivityTable;
import io.datapunk.lake.model.table.RecordsTable;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class MatchGroupTest {
    private static final Optional<MatchRule> ACTIVITY = MatchRule.of(ActivityTable.DEFINITION.name());
    private static final Optional<MatchRule> NONE = MatchRule.of(RecordsTable.DEFINITION.name());
    private static final int JSON = 1;
    private static final int PAGE = 2;

    @Test
    void equalIdsAreOneRecordAndTheFirstStays() {
        KeyRow first = staged("a", 10, JSON, 0, "2024-03-01T10:00:00.100Z", "exact");
        KeyRow again = staged("a", 11, JSON, 700, "2024-03-01T10:00:00.100Z", "exact");
        assertThat(MatchGroup.duplicates(NONE, List.of(again, first)))
                .containsExactly(new MatchGroup.Duplicate(again, "a", "id"));
    }

    @Test
    void theSurerTimeStaysWhateverTheOrderOfFiles() {
        KeyRow page = staged("p", 10, JSON, 0, "2024-03-01T10:00:00Z", "inferred");
        KeyRow json = staged("j", 11, PAGE, 0, "2024-03-01T10:00:00.100Z", "exact");
        assertThat(MatchGroup.duplicates(ACTIVITY, List.of(page, json)))
                .containsExactly(new MatchGroup.Duplicate(page, "j", "activity-time-and-title"));
    }

    @Test
    void aRowStandsInForOneRowOfEachFile() {
        KeyRow json = staged("j", 1, JSON, 0, "2024-03-01T10:00:00.100Z", "exact");
        KeyRow page = staged("p", 2, PAGE, 0, "2024-03-01T10:00:00Z", "inferred");
        KeyRow secondOnPage = staged("q", 3, PAGE, 400, "2024-03-01T10:00:00Z", "inferred");
        assertThat(MatchGroup.duplicates(ACTIVITY, List.of(json, page, secondOnPage)))
                .containsExactly(new MatchGroup.Duplicate(page, "j", "activity-time-and-title"));
    }

    @Test
    void twoEventsInOneSecondMatchTheirTwoCells() {
        KeyRow one = staged("j", 1, JSON, 0, "2024-03-01T10:00:00.100Z", "exact");
        KeyRow two = staged("k", 2, JSON, 300, "2024-03-01T10:00:00.900Z", "exact");
        KeyRow page = staged("p", 3, PAGE, 0, "2024-03-01T10:00:00Z", "inferred");
        KeyRow secondOnPage = staged("q", 4, PAGE, 400, "2024-03-01T10:00:00Z", "inferred");
        assertThat(MatchGroup.duplicates(ACTIVITY, List.of(secondOnPage, two, page, one)))
                .extracting(MatchGroup.Duplicate::keptId)
                .containsExactly("j", "k");
    }

    @Test
    void whatTheLakeHasGoesBeforeWhatIsStaged() {
        KeyRow kept = inTable(Origin.KEPT, "k", "2024-03-01T10:00:00Z", "inferred");
        KeyRow json = staged("j", 1, JSON, 0, "2024-03-01T10:00:00.100Z", "exact");
        assertThat(MatchGroup.duplicates(ACTIVITY, List.of(json, kept)))
                .containsExactly(new MatchGroup.Duplicate(json, "k", "activity-time-and-title"));
    }

    @Test
    void whatAnEarlierAttemptHasBroughtStays() {
        KeyRow landed = inTable(Origin.LANDED, "a", "2024-03-01T10:00:00.100Z", "exact");
        KeyRow first = staged("a", 1, JSON, 0, "2024-03-01T10:00:00.100Z", "exact");
        KeyRow again = staged("a", 2, JSON, 700, "2024-03-01T10:00:00.100Z", "exact");
        KeyRow page = staged("p", 3, PAGE, 0, "2024-03-01T10:00:00Z", "inferred");
        assertThat(MatchGroup.duplicates(ACTIVITY, List.of(landed, first, again, page)))
                .isEqualTo(MatchGroup.duplicates(ACTIVITY, List.of(first, again, page)))
                .extracting(MatchGroup.Duplicate::row)
                .containsExactly(again, page);
    }

    @Test
    void anHourApartIsAnotherEvent() {
        KeyRow one = staged("j", 1, JSON, 0, "2024-03-01T10:00:00Z", "exact");
        KeyRow other = staged("k", 2, PAGE, 0, "2024-03-01T11:00:00Z", "exact");
        assertThat(MatchGroup.duplicates(ACTIVITY, List.of(one, other))).isEmpty();
    }

    @Property(tries = 200)
    void theOrderOfRowsDoesNotMatter(@ForAll Random random) {
        List<KeyRow> rows = new ArrayList<>();
        int count = 2 + random.nextInt(12);
        for (int row = 0; row < count; row++) {
            boolean page = random.nextBoolean();
            long second = random.nextInt(4);
            String time = page
                    ? Instant.parse("2024-03-01T10:00:00Z").plusSeconds(second).toString()
                    : Instant.parse("2024-03-01T10:00:00.250Z")
                            .plusSeconds(second)
                            .toString();
            rows.add(staged(
                    (page ? "p" : "j") + second + random.nextInt(2),
                    row,
                    page ? PAGE : JSON,
                    row,
                    time,
                    page ? "inferred" : "exact"));
        }
        List<MatchGroup.Duplicate> expected = MatchGroup.duplicates(ACTIVITY, rows);
        Collections.shuffle(rows, random);
        assertThat(MatchGroup.duplicates(ACTIVITY, rows)).isEqualTo(expected);
        assertThat(expected).allSatisfy(duplicate -> assertThat(rows)
                .filteredOn(
                        row -> expected.stream().noneMatch(left -> left.row().equals(row)))
                .extracting(KeyRow::id)
                .contains(duplicate.keptId()));
    }

    private static KeyRow staged(String id, long row, int file, long position, String time, String certainty) {
        return new KeyRow(
                Origin.STAGED, id, "match", "source", row, file, position, micros(time), certainty, null, null, null);
    }

    private static KeyRow inTable(Origin origin, String id, String time, String certainty) {
        return new KeyRow(origin, id, "match", "source", 0, 0, 0, micros(time), certainty, null, null, null);
    }

    private static long micros(String time) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse(time));
    }
}
