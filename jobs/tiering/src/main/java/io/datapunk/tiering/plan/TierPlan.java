package io.datapunk.tiering.plan;

import io.datapunk.lake.model.DatasetName;
import io.datapunk.tiering.policy.Decision.Outcome;
import io.datapunk.tiering.policy.Observation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a run of tiering is to do, and why.
 *
 * @param id {@code <time of the plan>-<hash of its content>}: the same facts at the same time make the same plan
 * @param now the time that it was made for
 * @param policy name under which its moves are journalled
 * @param rules the policy and the budgets as sentences
 * @param versions the version of each table that was read
 * @param partitions one row for each partition, sorted by name
 */
public record TierPlan(
        String id,
        Instant now,
        String policy,
        String rules,
        Map<DatasetName, Long> versions,
        Observation observation,
        List<PlannedPartition> partitions) {
    public TierPlan {
        versions = Collections.unmodifiableMap(new TreeMap<>(versions));
        partitions = List.copyOf(partitions);
    }

    /** What is to move. */
    public List<PlannedPartition> moves() {
        return partitions.stream().filter(PlannedPartition::moves).toList();
    }

    /** What has to wait for a later run. */
    public List<PlannedPartition> deferred() {
        return partitions.stream()
                .filter(partition -> partition.decision().outcome() == Outcome.DEFER)
                .toList();
    }

    /** The plan as {@code plan} and {@code apply} print it: one line for each partition that moves or waits. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("plan " + id);
        lines.add(rules);
        for (PlannedPartition row : partitions) {
            if (row.decision().outcome() != Outcome.STAY) {
                lines.add("%-7s %s  %s -> %s  %,d bytes  %s"
                        .formatted(
                                row.moves() ? "move" : "wait",
                                row.partition(),
                                row.decision().from(),
                                row.decision().to().orElseThrow(),
                                row.bytes(),
                                row.decision().reason()));
            }
        }
        lines.add("%d to move, %d to wait, %d stay"
                .formatted(
                        moves().size(),
                        deferred().size(),
                        partitions.size() - moves().size() - deferred().size()));
        return lines;
    }
}
