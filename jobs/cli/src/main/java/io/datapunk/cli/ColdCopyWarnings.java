package io.datapunk.cli;

import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.storage.ColdCopies;
import java.util.ArrayList;
import java.util.List;

/** Says where cold files have fewer copies than they should. */
final class ColdCopyWarnings {
    private ColdCopyWarnings() {}

    /** @param locations that are configured, beside the table's own place */
    static List<String> of(ColdCopies.Found found, int wanted, int locations) {
        List<String> warnings = new ArrayList<>(
                found.problems().stream().map(LakeException::getMessage).toList());
        List<PartitionName> below = found.below(wanted);
        if (!below.isEmpty()) {
            int least = below.stream().mapToInt(found.copies()::get).min().orElseThrow();
            warnings.add(Amounts.of(below.size(), "cold partitions") + " have fewer than " + wanted
                    + " verified copies, " + below.get(0) + " among them, and some only " + least + ": "
                    + (locations + 1 < wanted
                            ? "name " + (wanted - 1 - locations)
                                    + " more places on other hardware in lake.storage.cold.locations, then run"
                                    + " `lake tier apply`"
                            : "run `lake tier apply`, which copies what is missing"));
        }
        return warnings;
    }
}
