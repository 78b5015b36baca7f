package io.datapunk.vectors.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class BuildPlanTest {
    private static ShardState shard(String id, int rows) {
        return new ShardState(id, rows, rows);
    }

    @Example
    void whereNothingIsThereAllRowsAreBuilt() {
        assertThat(BuildPlan.of(List.of(), 10)).isEqualTo(new BuildPlan(Set.of(), true));
    }

    @Example
    void fewNewRowsAreBuiltAlone() {
        assertThat(BuildPlan.of(List.of(shard("base", 1000)), 10)).isEqualTo(new BuildPlan(Set.of(), false));
    }

    @Example
    void goneRowsAloneBuildNothing() {
        BuildPlan plan = BuildPlan.of(List.of(new ShardState("base", 990, 1000)), 0);
        assertThat(plan).isEqualTo(new BuildPlan(Set.of(), false));
    }

    @Example
    void threeShardsLikeTheNewRowsBecomeOneWithThem() {
        BuildPlan plan = BuildPlan.of(
                List.of(shard("base", 1000), shard("a", 10), shard("b", 11), shard("c", 9), shard("large", 200)), 10);
        assertThat(plan.rewritten()).containsExactlyInAnyOrder("a", "b", "c");
        assertThat(plan.partitioned()).isFalse();
    }

    @Example
    void aShardWithManyMaskedRowsIsBuiltAnew() {
        BuildPlan plan = BuildPlan.of(List.of(shard("base", 1000), new ShardState("holes", 60, 100)), 0);
        assertThat(plan.rewritten()).containsExactly("holes");
    }

    @Example
    void whereHalfOfTheRowsAreBuiltAnywayAllAre() {
        BuildPlan plan = BuildPlan.of(List.of(shard("base", 1000)), 1000);
        assertThat(plan.rewritten()).containsExactly("base");
        assertThat(plan.partitioned()).isTrue();
    }

    /** What an increment costs is a matter of its own size, not of the collection's: growth builds each row few times. */
    @Property(tries = 100)
    void manySmallStepsBuildEachRowAFewTimes(@ForAll @IntRange(min = 1, max = 300) int steps) {
        List<ShardState> shards = new ArrayList<>(List.of(shard("base", 1_000_000)));
        long built = 0;
        for (int step = 0; step < steps; step++) {
            BuildPlan plan = BuildPlan.of(shards, 100);
            int rows = 100
                    + shards.stream()
                            .filter(shard -> plan.rewritten().contains(shard.id()))
                            .mapToInt(ShardState::live)
                            .sum();
            built += rows;
            shards.removeIf(shard -> plan.rewritten().contains(shard.id()));
            shards.add(shard("step-" + step, rows));
        }
        double fourfolds = Math.log(steps) / Math.log(BuildPlan.FAN_IN);
        assertThat(built).isLessThanOrEqualTo((long) (100.0 * steps * (2 + fourfolds)));
        assertThat(shards).as("shards that a search looks into").hasSizeLessThanOrEqualTo((int)
                (2 + (BuildPlan.FAN_IN - 1) * (2 + fourfolds)));
    }
}
