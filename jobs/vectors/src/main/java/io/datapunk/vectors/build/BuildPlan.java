package io.datapunk.vectors.build;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a build does.
 *
 * @param rewritten shards whose rows are built anew, together with the new rows; the others stay
 * @param partitioned whether all rows are built anew, and partitioned by what they are near to
 */
record BuildPlan(Set<String> rewritten, boolean partitioned) {
    /** Shards of about one size that become one: each row is built anew once for every fourfold growth. */
    static final int FAN_IN = 4;

    /** Of a shard's rows: beyond it searches lose more time and recall to masked rows than another build costs. */
    static final double MOST_MASKED = 0.3;

    /** Of all rows: where so many are built anyway, all are, which brings back the partitions. */
    static final double MOST_BUILT = 0.5;

    BuildPlan {
        rewritten = Set.copyOf(rewritten);
    }

    /** @param newRows rows of the table that are in no whole shard */
    static BuildPlan of(List<ShardState> shards, long newRows) {
        Set<String> rewritten = new HashSet<>();
        List<ShardState> kept = new ArrayList<>();
        long built = newRows;
        long total = newRows;
        for (ShardState shard : shards) {
            total += shard.live();
            if (shard.live() < (1 - MOST_MASKED) * shard.rows()) {
                rewritten.add(shard.id());
                built += shard.live();
            } else {
                kept.add(shard);
            }
        }
        while (built > 0) {
            long limit = built * FAN_IN / 2;
            List<ShardState> alike =
                    kept.stream().filter(shard -> shard.live() <= limit).toList();
            if (alike.size() < FAN_IN - 1) {
                break;
            }
            for (ShardState shard : alike) {
                rewritten.add(shard.id());
                built += shard.live();
            }
            kept.removeAll(alike);
        }
        if (built >= MOST_BUILT * total) {
            kept.forEach(shard -> rewritten.add(shard.id()));
            return new BuildPlan(rewritten, true);
        }
        return new BuildPlan(rewritten, false);
    }

    /** How many rows are built, of the shards that it was made of. */
    long built(List<ShardState> shards, long newRows) {
        return newRows
                + shards.stream()
                        .filter(shard -> rewritten.contains(shard.id()))
                        .mapToLong(ShardState::live)
                        .sum();
    }

    /** Everything anew. */
    static BuildPlan full(List<ShardState> shards) {
        return new BuildPlan(new HashSet<>(shards.stream().map(ShardState::id).toList()), true);
    }
}
