package io.datapunk.tiering.policy;

import io.datapunk.lake.model.FileTier;
import io.datapunk.lake.model.Tier;
import java.time.Duration;
import java.time.Instant;

/**
 * What most systems do: the time since the last access or write decides alone. Younger than the hot age is hot, younger
 * than the warm age is warm, the rest is cold. It knows nothing of how often, and so it keeps too much or too little.
 */
record AgePolicy(AgeSettings settings) implements Policy {
    @Override
    public String name() {
        return "age";
    }

    @Override
    public Heat heat(Accesses accesses, Instant now) {
        return Heat.of(accesses, settings.windows(), now);
    }

    @Override
    public boolean deservesHot(PartitionFacts facts, Heat heat) {
        return true;
    }

    @Override
    public Wish decide(PartitionFacts facts, Heat heat, Observation observation, Instant now) {
        return Wish.undecided(facts).orElseGet(() -> byAge(facts, heat, observation, now));
    }

    private Wish byAge(PartitionFacts facts, Heat heat, Observation observation, Instant now) {
        Duration idle = facts.idle(heat, now);
        Tier wanted = idle.compareTo(settings.hotAge()) < 0
                ? Tier.HOT
                : idle.compareTo(settings.warmAge()) < 0 ? Tier.WARM : Tier.COLD;
        String reason = "last access or write " + Durations.text(idle) + " ago (hot for "
                + Durations.text(settings.hotAge()) + ", warm for " + Durations.text(settings.warmAge()) + ")";
        if (facts.bytes() < settings.sizeFloor() && !facts.placement().isServed() && facts.files() == FileTier.WARM) {
            return Wish.tooSmall(facts, settings.sizeFloor());
        }
        return settle(facts, wanted, reason, observation, now);
    }

    private Wish settle(PartitionFacts facts, Tier wanted, String reason, Observation observation, Instant now) {
        Placement placement = facts.placement();
        boolean isThere = placement == Placement.HOT && wanted == Tier.HOT
                || placement == Placement.WARM && wanted == Tier.WARM
                || placement == Placement.COLD && wanted == Tier.COLD;
        if (isThere) {
            return Wish.stay(reason);
        }
        boolean demotes = placement.isServed() ? wanted != Tier.HOT : wanted == Tier.COLD;
        Duration needed = wanted == Tier.COLD ? settings.warmAge() : settings.hotAge();
        if (demotes && !observation.covers(needed, now)) {
            return placement == Placement.STALE
                    ? Wish.move(Tier.HOT, "its files changed since it was loaded; " + reason)
                    : Wish.stay(reason + ", but " + observation.shortfall(needed, now));
        }
        return Wish.move(wanted, reason);
    }

    @Override
    public String toString() {
        return "age: hot for " + Durations.text(settings.hotAge()) + " after the last access or write, warm for "
                + Durations.text(settings.warmAge()) + ", then cold; below " + Sizes.text(settings.sizeFloor())
                + " always warm";
    }
}
