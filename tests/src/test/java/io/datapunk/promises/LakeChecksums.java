package io.datapunk.promises;

import io.datapunk.lake.delta.DeltaChecksum;
import io.datapunk.lake.model.RowChecksum;
import io.datapunk.lake.model.table.LakeTables;
import io.datapunk.lake.model.table.TableDefinition;
import io.datapunk.testkit.SharedSpark;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The checksum of every table of a lake over what does not depend on when, or how often, a command was run. */
final class LakeChecksums {
    /** Times of runs, random names of runs, and the counter of attempts. */
    private static final Set<String> VOLATILE = Set.of(
            "import_id",
            "ingested_at",
            "day",
            "started_at",
            "ended_at",
            "epoch",
            "created_at",
            "move_id",
            "planned_at",
            "reason",
            "bytes",
            "delta_version");

    private LakeChecksums() {}

    static Map<String, RowChecksum> of(Path home) {
        Map<String, RowChecksum> checksums = new TreeMap<>();
        for (TableDefinition table : LakeTables.all()) {
            Path path = home.resolve("tables")
                    .resolve(table.name().schema())
                    .resolve(table.name().name());
            if (Files.exists(path.resolve("_delta_log"))) {
                String[] stable = table.columnNames().stream()
                        .filter(column -> !VOLATILE.contains(column))
                        .toArray(String[]::new);
                checksums.put(
                        table.name().toString(),
                        DeltaChecksum.of(SharedSpark.session()
                                .read()
                                .format("delta")
                                .load(path.toString())
                                .selectExpr(stable)));
            }
        }
        return checksums;
    }
}
