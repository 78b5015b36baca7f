package io.datapunk.tiering.policy;

import io.datapunk.lake.model.DatasetName;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Judges one partition at a time: a pure function of its facts, of what was observed, and of {@code now}. Times after
 * {@code now} count as {@code now}. The implementations' {@code toString} reads like a sentence.
 */
public interface Policy {
    /** How hot these accesses make a partition at {@code now}, over this policy's windows. */
    Heat heat(Accesses accesses, Instant now);

    Wish decide(PartitionFacts facts, Heat heat, Observation observation, Instant now);

    /** Whether a partition with this heat earns a place in the hot tier, so that who is hot with less may have to yield. */
    boolean deservesHot(PartitionFacts facts, Heat heat);

    /** This policy, knowing how all partitions of its dataset were accessed; most policies need not know. */
    default Policy learn(Collection<PartitionFacts> family, Observation observation, Instant now) {
        return this;
    }

    /** The name under which it is configured and journalled. */
    String name();

    /** Moves by measured heat, with bands between promotion and demotion so that nothing flaps. The default. */
    static Policy threshold(ThresholdSettings settings) {
        return new ThresholdPolicy(settings);
    }

    /** Moves by the time since the last access or write, as most systems do. */
    static Policy age(AgeSettings settings) {
        return new AgePolicy(settings);
    }

    /** Moves by prices and expected accesses. */
    static Policy cost(CostSettings settings, Prices prices) {
        return new CostPolicy(settings, prices, FamilyForecast.NONE);
    }

    /**
     * Lets the policy of each dataset learn from all of its partitions.
     *
     * @param policies the policy of each dataset, as configured
     * @return the policies for a plan at {@code now}
     */
    static Function<DatasetName, Policy> learned(
            Function<DatasetName, Policy> policies,
            Collection<PartitionFacts> facts,
            Observation observation,
            Instant now) {
        Map<DatasetName, List<PartitionFacts>> families = facts.stream()
                .collect(Collectors.groupingBy(one -> one.partition().dataset()));
        Map<DatasetName, Policy> learned = new HashMap<>();
        families.forEach((dataset, family) ->
                learned.put(dataset, policies.apply(dataset).learn(family, observation, now)));
        return dataset -> learned.getOrDefault(dataset, policies.apply(dataset));
    }
}
