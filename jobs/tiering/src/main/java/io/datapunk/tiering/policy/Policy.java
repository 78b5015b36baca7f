package io.datapunk.tiering.policy;

import java.time.Instant;

/**
 * Judges one partition at a time: a pure function of its facts, of what was observed, and of {@code now}. Times after
 * {@code now} count as {@code now}. The implementations' {@code toString} reads like a sentence.
 */
public interface Policy {
    /** How hot these accesses make a partition at {@code now}, over this policy's windows. */
    Heat heat(Accesses accesses, Instant now);

    Wish decide(PartitionFacts facts, Heat heat, Observation observation, Instant now);

    /** Whether this heat earns a place in the hot tier, so that who is hot with less may have to yield. */
    boolean deservesHot(Heat heat);

    /** The name under which it is configured and journalled. */
    String name();

    /** Moves by measured heat, with bands between promotion and demotion so that nothing flaps. The default. */
    static Policy threshold(ThresholdSettings settings) {
        return new ThresholdPolicy(settings);
    }
}
