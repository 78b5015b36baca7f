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

    static Wish stay(String reason) {
        return new Wish(Optional.empty(), reason);
    }

    static Wish move(Tier target, String reason) {
        return new Wish(Optional.of(target), reason);
    }
}
