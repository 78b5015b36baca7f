package io.datapunk.lake.container;

import java.util.List;

/**
 * What is in an export.
 *
 * @param exportId the same for all parts of one export: the text of a Takeout's name to its second hyphen, else the name
 *     without its extension
 * @param parts the files and folders that were handed in
 * @param entries all of them but folders, in the order of the containers
 * @param warnings for the user: parts that seem to be missing, and the like
 */
public record ContainerIndex(
        String exportId, List<ContainerPart> parts, List<EntryRef> entries, List<String> warnings) {
    public ContainerIndex {
        parts = List.copyOf(parts);
        warnings = List.copyOf(warnings);
    }

    /** Sum of the declared sizes of the entries that are read. */
    public long readableBytes() {
        return entries.stream()
                .filter(EntryRef::isReadable)
                .mapToLong(EntryRef::bytes)
                .sum();
    }
}
