package io.datapunk.ingest.record;

import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.table.ActivityTable;
import io.datapunk.lake.model.table.LocationsTable;
import io.datapunk.lake.model.table.MediaTable;
import io.datapunk.lake.model.table.MessagesTable;
import java.util.Optional;

/** Decides whether two rows with equal {@code match_key} describe one event. Symmetric. */
public interface MatchRule {
    /** As {@code imports.duplicates.rule} names it. */
    String name();

    /** The column whose value a candidate carries as its distinction, if the rule needs one. */
    Optional<String> distinctionColumn();

    /** Whether the two rows describe one event. Two records of one entry of one import never do. */
    boolean sameEvent(MatchCandidate one, MatchCandidate other);

    /** The rule for a dataset; empty where rows match by {@code id} alone. */
    static Optional<MatchRule> of(DatasetName dataset) {
        if (dataset.equals(ActivityTable.DEFINITION.name())) {
            return Optional.of(new ActivityMatchRule());
        }
        if (dataset.equals(LocationsTable.DEFINITION.name())) {
            return Optional.of(new LocationMatchRule());
        }
        if (dataset.equals(MessagesTable.DEFINITION.name())) {
            return Optional.of(new MessageMatchRule());
        }
        if (dataset.equals(MediaTable.DEFINITION.name())) {
            return Optional.of(new MediaMatchRule());
        }
        return Optional.empty();
    }
}
