package io.datapunk.archive.content;

import io.datapunk.archive.content.SegmentPlan.Part;
import io.datapunk.archive.content.SegmentPlan.Segment;
import io.datapunk.archive.content.StoredEntry.Piece;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * Which chunks of one owner's entries are stored, and where: each content once, entries in their order, segments up to a
 * size. An entry is read by one task, however many segments it takes: a deflated one can only be read from its beginning.
 *
 * @param tasks what is to be stored, one for each task; none where everything lies somewhere already
 * @param entries all entries with the places of their chunks, old and new
 */
public record PackingPlan(List<SegmentPlan> tasks, List<StoredEntry> entries) {
    /** The default window. Smaller ones would be compressed worse: zstd finds nothing of what stands in another segment. */
    private static final long LEAST_SEGMENT = 32L << 20;

    /** What is of one size is not of one time: whichever core is done first takes the next. */
    private static final int SEGMENTS_PER_CORE = 4;

    /** Entries are not cut where a segment ends, so that none is filled to the last byte. */
    private static final double SLACK = 1.05;

    public PackingPlan {
        tasks = List.copyOf(tasks);
        entries = List.copyOf(entries);
    }

    /**
     * @param known where the owner's chunks lie that are stored already, by SHA-256
     * @param segmentBytes most bytes of a segment; a chunk that is larger gets one of its own
     * @param names gives the name of the segment with a number, from 0 on
     */
    public static PackingPlan of(
            List<ScannedEntry> entries, Map<String, ChunkPlace> known, long segmentBytes, IntFunction<String> names) {
        Planner planner = new Planner(known, segmentBytes, names);
        entries.forEach(planner::add);
        planner.endTask();
        return new PackingPlan(planner.tasks, planner.stored);
    }

    /**
     * How large segments have to be so that tasks that run at once end at once.
     *
     * @param bytes that are to be stored
     * @param most bytes of a segment
     * @param cores that compress, one segment each
     */
    public static long evenSegments(long bytes, long most, int cores) {
        long needed = Math.max(1, -Math.floorDiv(-bytes, most));
        long rounds = -Math.floorDiv(-needed, cores);
        long wanted = cores * Math.max(rounds, SEGMENTS_PER_CORE);
        long count = Math.max(needed, Math.min(wanted, bytes / LEAST_SEGMENT));
        return Math.min(most, (long) (SLACK * bytes / count) + 1);
    }

    private static final class Planner {
        private final Map<String, ChunkPlace> places;
        private final long segmentBytes;
        private final IntFunction<String> names;
        private final List<SegmentPlan> tasks = new ArrayList<>();
        private final List<StoredEntry> stored = new ArrayList<>();
        private final List<Part> parts = new ArrayList<>();
        private final List<Segment> segments = new ArrayList<>();
        private int number;
        private long filled;

        private Planner(Map<String, ChunkPlace> known, long segmentBytes, IntFunction<String> names) {
            this.places = new HashMap<>(known);
            this.segmentBytes = segmentBytes;
            this.names = names;
        }

        private void add(ScannedEntry entry) {
            if (filled > 0 && filled + Math.min(entry.bytes(), segmentBytes) > segmentBytes) {
                endTask();
            }
            int[] targets = new int[entry.chunks().size()];
            List<Piece> pieces = new ArrayList<>(targets.length);
            boolean isRead = false;
            for (int i = 0; i < targets.length; i++) {
                Chunk chunk = entry.chunks().get(i);
                ChunkPlace place = places.get(chunk.sha256());
                targets[i] = Part.STORED_ALREADY;
                if (place == null) {
                    place = place(chunk);
                    targets[i] = segments.size();
                    isRead = true;
                }
                pieces.add(new Piece(chunk, place));
            }
            stored.add(new StoredEntry(entry.path(), entry.bytes(), entry.sha256(), pieces));
            if (isRead) {
                parts.add(new Part(entry, targets));
            }
        }

        private ChunkPlace place(Chunk chunk) {
            if (filled > 0 && filled + chunk.bytes() > segmentBytes) {
                endSegment();
            }
            ChunkPlace place = new ChunkPlace(names.apply(number), filled);
            places.put(chunk.sha256(), place);
            filled += chunk.bytes();
            return place;
        }

        private void endSegment() {
            if (filled > 0) {
                segments.add(new Segment(names.apply(number), filled));
                number++;
                filled = 0;
            }
        }

        private void endTask() {
            endSegment();
            if (!segments.isEmpty()) {
                tasks.add(new SegmentPlan(parts, segments));
            }
            parts.clear();
            segments.clear();
        }
    }
}
