package io.datapunk.lake.delta;

import io.datapunk.lake.delta.LoggedFile.Key;
import java.util.List;
import java.util.Optional;

/**
 * What a commit, or a checkpoint in the form of a commit, says.
 *
 * @param sidecars names of the files that hold a checkpoint's other actions
 * @param schema the table's new schema as JSON, where the commit sets one
 * @param logRetention the table's {@code delta.logRetentionDuration}, where the commit sets the table's properties
 */
public record CommitActions(
        List<LoggedFile> added,
        List<Key> removed,
        List<String> sidecars,
        Optional<String> schema,
        Optional<String> logRetention) {
    public CommitActions {
        added = List.copyOf(added);
        removed = List.copyOf(removed);
        sidecars = List.copyOf(sidecars);
    }
}
