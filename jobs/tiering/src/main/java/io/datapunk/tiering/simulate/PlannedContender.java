package io.datapunk.tiering.simulate;

import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.FileTier;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.Tier;
import io.datapunk.tiering.policy.Accesses;
import io.datapunk.tiering.policy.Budgets;
import io.datapunk.tiering.policy.Decision;
import io.datapunk.tiering.policy.Observation;
import io.datapunk.tiering.policy.PartitionFacts;
import io.datapunk.tiering.policy.Planner;
import io.datapunk.tiering.policy.Policy;
import io.datapunk.tiering.policy.Prices;
import io.datapunk.tiering.policy.Serving;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** A policy behind the same planner that {@code lake tier plan} uses, once an hour; it learns anew once a day. */
final class PlannedContender implements Contender {
    /** Nothing was written lately, so that no age of a write decides. */
    private static final Duration SINCE_WRITTEN = Duration.ofDays(3650);

    private final String name;
    private final Policy policy;
    private final Prices prices;
    private final Budgets budgets;
    private final Trace trace;
    private final Map<PartitionName, Integer> index = new HashMap<>();
    private final Instant[] lastMoved;
    private final FileTier[] files;
    private Function<DatasetName, Policy> learned = dataset -> null;
    private long learnedAt = Long.MIN_VALUE;

    PlannedContender(String name, Policy policy, Prices prices, Budgets budgets, Trace trace) {
        this.name = name;
        this.policy = policy;
        this.prices = prices;
        this.budgets = budgets;
        this.trace = trace;
        int count = trace.partitions().size();
        lastMoved = new Instant[count];
        files = new FileTier[count];
        for (int i = 0; i < count; i++) {
            index.put(trace.partitions().get(i).name(), i);
            files[i] = FileTier.WARM;
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Tier[] next(long hour, Tier[] current) {
        Instant now = Accesses.beginOf(hour + 1).minusSeconds(1);
        Observation observation = new Observation(Accesses.beginOf(trace.firstHour()), now);
        List<PartitionFacts> facts = new ArrayList<>(current.length);
        for (int i = 0; i < current.length; i++) {
            Trace.Partition partition = trace.partitions().get(i);
            facts.add(new PartitionFacts(
                    partition.name(),
                    files[i],
                    current[i] == Tier.HOT ? Serving.CURRENT : Serving.NOT_SERVED,
                    partition.bytes(),
                    Accesses.beginOf(trace.firstHour()).minus(SINCE_WRITTEN),
                    Optional.ofNullable(lastMoved[i]),
                    partition.accesses().upTo(hour)));
        }
        if (learnedAt == Long.MIN_VALUE || hour - learnedAt >= 24) {
            learned = Policy.learned(dataset -> policy, facts, observation, now);
            learnedAt = hour;
        }
        Tier[] next = current.clone();
        for (Decision decision : new Planner(learned, budgets, prices).plan(facts, observation, now)) {
            if (decision.outcome() == Decision.Outcome.MOVE) {
                move(index.get(decision.partition()), decision.to().orElseThrow(), next, now);
            }
        }
        return next;
    }

    private void move(int partition, Tier target, Tier[] next, Instant now) {
        next[partition] = target;
        FileTier to = target == Tier.COLD ? FileTier.COLD : FileTier.WARM;
        if (files[partition] != to) {
            files[partition] = to;
            lastMoved[partition] = now;
        }
    }
}
