package io.datapunk.ingest.job;

import io.datapunk.ingest.record.MatchCandidate;
import io.datapunk.ingest.record.MatchRule;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Decides which rows of one {@code match_key} stay. Pure: the same rows give the same answer in whatever order they
 * come. Equal ids are one record. Beyond that a row can stand in for one row of each other file: two events that one
 * file tells apart are never both the same third one.
 */
final class MatchGroup {
    /** The rule's name for equal ids. */
    static final String SAME_ID = "id";

    /** The widest that two times of one event can lie apart: zones reach from UTC-12 to UTC+14. */
    static final long WIDEST_MICROS = 26L * 3_600 * 1_000_000;

    private static final long ONE_SECOND_MICROS = 1_000_000;

    private final Optional<MatchRule> rule;
    private final Map<String, Kept> byId = new HashMap<>();
    private final NavigableMap<Long, List<Kept>> byTime = new TreeMap<>();

    private MatchGroup(Optional<MatchRule> rule) {
        this.rule = rule;
    }

    /** A staged row that is left out. */
    record Duplicate(KeyRow row, String keptId, String rule) {}

    /** A row that stays, and the files whose rows it stands in for. */
    private record Kept(String id, long timeMicros, MatchCandidate candidate, Set<Integer> files) {
        static Kept of(KeyRow row) {
            long time = row.timeMicros() == null ? 0 : row.timeMicros();
            return new Kept(row.id(), time, row.candidate(), new HashSet<>(2));
        }
    }

    /** The rows among the staged ones that are left out. */
    static List<Duplicate> duplicates(Optional<MatchRule> rule, Collection<KeyRow> rows) {
        return rows.size() < 2 ? List.of() : new MatchGroup(rule).decide(rows);
    }

    private List<Duplicate> decide(Collection<KeyRow> rows) {
        List<KeyRow> staged = new ArrayList<>();
        Set<String> landed = new HashSet<>();
        Set<Integer> files = new HashSet<>();
        boolean exact = true;
        for (KeyRow row : rows) {
            exact &= row.isExact();
            switch (row.origin()) {
                case STAGED -> {
                    staged.add(row);
                    files.add(row.file());
                }
                case LANDED -> landed.add(row.id());
                case KEPT -> keep(row);
            }
        }
        boolean canMatch = rule.isPresent() && (!byId.isEmpty() || files.size() > 1);
        long window = exact ? ONE_SECOND_MICROS : WIDEST_MICROS;
        staged.sort(KeyRow.PRECEDENCE);
        List<Duplicate> duplicates = new ArrayList<>();
        for (KeyRow row : staged) {
            if (byId.containsKey(row.id())) {
                duplicates.add(new Duplicate(row, row.id(), SAME_ID));
                continue;
            }
            // What an earlier attempt has committed was decided then
            Optional<Kept> match = canMatch && !landed.contains(row.id()) ? match(row, window) : Optional.empty();
            if (match.isPresent()) {
                match.get().files().add(row.file());
                duplicates.add(new Duplicate(row, match.get().id(), rule.get().name()));
            } else {
                keep(row);
            }
        }
        return duplicates;
    }

    private void keep(KeyRow row) {
        Kept kept = Kept.of(row);
        byId.put(row.id(), kept);
        byTime.computeIfAbsent(kept.timeMicros(), time -> new ArrayList<>(1)).add(kept);
    }

    /** The nearest row that describes the same event and stands in for no other row of this one's file. */
    private Optional<Kept> match(KeyRow row, long window) {
        Kept candidate = Kept.of(row);
        long time = candidate.timeMicros();
        Kept nearest = null;
        for (List<Kept> kepts :
                byTime.subMap(time - window, true, time + window, true).values()) {
            for (Kept kept : kepts) {
                if (!kept.files().contains(row.file())
                        && (nearest == null || isNearer(kept, nearest, time))
                        && rule.get().sameEvent(kept.candidate(), candidate.candidate())) {
                    nearest = kept;
                }
            }
        }
        return Optional.ofNullable(nearest);
    }

    private static boolean isNearer(Kept one, Kept other, long time) {
        int distance = Long.compare(Math.abs(one.timeMicros() - time), Math.abs(other.timeMicros() - time));
        return distance < 0 || distance == 0 && one.id().compareTo(other.id()) < 0;
    }
}
