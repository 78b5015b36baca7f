package io.datapunk.ingest.job;

import io.datapunk.ingest.record.MatchRule;
import io.datapunk.lake.model.DatasetName;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.catalyst.InternalRow;

/**
 * Walks through keys, sorted by the hash of their group and by time, and gives the staged rows that are left out. Nearly
 * every group is a single row, which is neither turned into an object nor looked at any further.
 */
final class LeftOutRows implements Iterator<Row> {
    /** Above this many rows a group is decided in parts, cut where no rule reaches across. */
    private static final int LARGE_GROUP = 50_000;

    /** Above this many rows a group is cut between two times even where a rule could reach across. */
    private static final int LARGEST_GROUP = 500_000;

    private final Iterator<InternalRow> keys;
    private final Grouping grouping;
    private Iterator<Row> ready = List.<Row>of().iterator();
    private InternalRow next;

    /** What makes two rows candidates for one event. */
    enum Grouping {
        BY_ID(KeyRow::id) {
            @Override
            Optional<MatchRule> rule(DatasetName dataset) {
                return Optional.empty();
            }
        },
        BY_MATCH_KEY(KeyRow::matchKey) {
            @Override
            Optional<MatchRule> rule(DatasetName dataset) {
                return MatchRule.of(dataset);
            }
        };

        private final Function<KeyRow, String> key;

        Grouping(Function<KeyRow, String> key) {
            this.key = key;
        }

        abstract Optional<MatchRule> rule(DatasetName dataset);
    }

    /** Rows of one key. */
    private record Candidates(String dataset, List<KeyRow> rows) {}

    LeftOutRows(Iterator<InternalRow> keys, Grouping grouping) {
        this.keys = keys;
        this.grouping = grouping;
        advance();
    }

    private void advance() {
        // Spark gives the same object again and again
        next = keys.hasNext() ? keys.next().copy() : null;
    }

    @Override
    public boolean hasNext() {
        while (!ready.hasNext() && next != null) {
            ready = group();
        }
        return ready.hasNext();
    }

    @Override
    public Row next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return ready.next();
    }

    private Iterator<Row> group() {
        InternalRow first = next;
        long group = KeyColumns.group(first);
        advance();
        if (next == null || KeyColumns.group(next) != group) {
            return List.<Row>of().iterator();
        }
        // One hash can, once in a lifetime, stand for two keys
        Map<String, Candidates> groups = new LinkedHashMap<>(2);
        Long last = put(groups, first);
        int rows = 1;
        while (next != null && KeyColumns.group(next) == group && !isCut(rows, last)) {
            last = put(groups, next);
            rows++;
            advance();
        }
        return groups.values().stream().flatMap(this::leftOut).iterator();
    }

    private Long put(Map<String, Candidates> groups, InternalRow keys) {
        KeyRow row = KeyColumns.keyRow(keys);
        groups.computeIfAbsent(
                        grouping.key.apply(row), key -> new Candidates(KeyColumns.dataset(keys), new ArrayList<>(2)))
                .rows()
                .add(row);
        return row.timeMicros();
    }

    private Stream<Row> leftOut(Candidates candidates) {
        Optional<MatchRule> rule = grouping.rule(DatasetName.parse(candidates.dataset()));
        return MatchGroup.duplicates(rule, candidates.rows()).stream()
                .map(duplicate -> row(candidates.dataset(), duplicate));
    }

    private boolean isCut(int rows, Long last) {
        Long time = KeyColumns.time(next);
        if (rows < LARGE_GROUP || time == null) {
            return false;
        }
        long apart = last == null ? Long.MAX_VALUE : time - last;
        return apart > (rows < LARGEST_GROUP ? MatchGroup.WIDEST_MICROS : 0);
    }

    private static Row row(String dataset, MatchGroup.Duplicate duplicate) {
        KeyRow row = duplicate.row();
        return RowFactory.create(
                dataset,
                row.row(),
                row.file(),
                row.source(),
                row.id(),
                row.matchKey(),
                row.position(),
                duplicate.keptId(),
                duplicate.rule());
    }
}
