package io.datapunk.ingest.record;

import io.datapunk.lake.model.table.MediaTable;
import java.util.Optional;

/**
 * One photo in its year's folder, in albums and in memories, and its sidecar that came without it. Name and time are in
 * the match material; two files of different content are two photos.
 */
final class MediaMatchRule implements MatchRule {
    @Override
    public String name() {
        return "media-name-and-time";
    }

    @Override
    public Optional<String> distinctionColumn() {
        return Optional.of(MediaTable.SHA256);
    }

    @Override
    public boolean sameEvent(MatchCandidate one, MatchCandidate other) {
        boolean contentDiffers = one.distinction() != null
                && other.distinction() != null
                && !one.distinction().equals(other.distinction());
        return !Entries.same(one, other)
                && !contentDiffers
                && one.time().map(EventTime::instant).equals(other.time().map(EventTime::instant));
    }
}
