package io.datapunk.lake.delta;

import io.datapunk.lake.config.TieringConfig;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.table.LakeTables;
import io.datapunk.lake.model.table.TableDefinition;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The order in which the rows of a dataset's files lie: what the configuration asks for goes before the table's own.
 *
 * @param own the table's, which files have that say nothing else
 * @param wanted with what the configuration asks for
 */
record RowOrder(List<String> own, List<String> wanted) {
    static RowOrder of(DatasetName dataset, TieringConfig config) {
        List<String> own =
                LakeTables.find(dataset).map(TableDefinition::sortedBy).orElse(List.of());
        return new RowOrder(
                own,
                Stream.concat(config.warm().sortedBy().stream(), own.stream())
                        .distinct()
                        .toList());
    }

    /** @throws LakeException (usage) where the table has no such column */
    void require(DatasetName dataset, List<String> columns) {
        for (String column : wanted) {
            if (!columns.contains(column)) {
                throw LakeException.usage(
                        "the rows of " + dataset + " cannot be sorted by " + column,
                        "it has no such column; its columns are " + String.join(", ", columns),
                        "correct lake.datasets.\"" + dataset + "\".tiering.warm.sorted-by");
            }
        }
    }

    /** @param tags of a file */
    boolean isKeptBy(Map<String, String> tags) {
        return tags.getOrDefault(FileTags.SORTED_BY, text(own)).equals(text(wanted));
    }

    /** What a file in this order says; empty where it is the table's own. */
    Optional<String> tag() {
        return wanted.equals(own) ? Optional.empty() : Optional.of(text(wanted));
    }

    private static String text(List<String> columns) {
        return String.join(",", columns);
    }
}
