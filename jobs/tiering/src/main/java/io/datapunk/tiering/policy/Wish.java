package io.datapunk.tiering.policy;

import io.datapunk.lake.model.Tier;
import java.util.Optional;

/**
 * What a policy wants for one partition, before budgets.
 *
 * @param target the tier to move to (for a stale one, {@code HOT} means to load it again); empty to leave it alone
 * @param reason for a person, with the numbers
 */
public record Wish(Optional<Tier> target, String reason) {
    /** What PostgreSQL cannot hold exactly stays warm, whatever its heat; a copy of it that has become stale leaves. */
    public Wish possible(PartitionFacts facts) {
        if (facts.hotObstacle().isEmpty() || target.filter(Tier.HOT::equals).isEmpty()) {
            return this;
        }
        String why = reason + ", but PostgreSQL cannot serve it: "
                + facts.hotObstacle().get();
        return facts.placement() == Placement.WARM ? stay(why) : move(Tier.WARM, why);
    }

    /** What no policy may decide about. */
    static Optional<Wish> undecided(PartitionFacts facts) {
        if (facts.partition().value().isEmpty()) {
            return Optional.of(stay("has no partition column: dimension-like tables stay warm"));
        }
        return facts.placement() == Placement.UNKNOWN
                ? Optional.of(stay("PostgreSQL is out of reach: what it serves is not known"))
                : facts.pin().map(tier -> pinned(facts, tier));
    }

    private static Wish pinned(PartitionFacts facts, Tier tier) {
        String reason = "pinned to " + tier + " by hand";
        boolean isThere = facts.placement().name().equals(tier.name());
        return isThere ? stay(reason) : move(tier, reason);
    }

    /** For a warm partition that is smaller than a policy moves. */
    static Wish tooSmall(PartitionFacts facts, long floor) {
        return stay(Sizes.text(facts.bytes()) + ": below " + Sizes.text(floor) + " a partition stays warm");
    }

    static Wish stay(String reason) {
        return new Wish(Optional.empty(), reason);
    }

    static Wish move(Tier target, String reason) {
        return new Wish(Optional.of(target), reason);
    }
}
