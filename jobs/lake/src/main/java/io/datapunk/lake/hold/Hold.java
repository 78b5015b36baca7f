package io.datapunk.lake.hold;

import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.LakeException;
import java.time.Instant;
import java.util.Optional;

/**
 * A legal stop on deletion. It protects what meets all of its conditions; one that is empty is met by everything.
 *
 * @param id 8 hex digits
 * @param userId of the person, the surrogate
 * @param from events at this time and later
 * @param to events before this time
 * @param reason for people; may name a case
 */
public record Hold(
        String id,
        Optional<String> userId,
        Optional<DatasetName> dataset,
        Optional<Instant> from,
        Optional<Instant> to,
        String reason,
        Instant placedAt) {
    public Hold {
        if (from.isPresent() && to.isPresent() && !from.get().isBefore(to.get())) {
            throw LakeException.usage(
                    "a hold cannot be placed from " + from.get() + " to " + to.get(),
                    "no time lies between them",
                    "give --from a time before --to");
        }
    }

    /**
     * Whether it may protect rows of a dataset. What is removed as whole files is not told apart by persons and times.
     */
    public boolean mayProtect(DatasetName other) {
        return dataset.map(other::equals).orElse(true);
    }

    /** What it protects, in a few words. */
    public String scope() {
        return userId.map(id -> "user " + id).orElse("everybody")
                + dataset.map(name -> ", " + name).orElse("")
                + from.map(time -> ", from " + time).orElse("")
                + to.map(time -> ", to " + time).orElse("");
    }
}
