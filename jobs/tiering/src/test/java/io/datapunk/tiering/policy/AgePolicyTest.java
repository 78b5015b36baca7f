package io.datapunk.tiering.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.lake.model.FileTier;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.Tier;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AgePolicyTest {
    private static final Instant NOW = Instant.parse("2026-03-25T10:15:00Z");
    private static final Observation SEEN = new Observation(NOW.minus(Duration.ofDays(365)), NOW);
    private static final Policy POLICY = Policy.age(AgeSettings.DEFAULT);

    @Test
    void theTimeSinceTheLastAccessOrWriteDecidesAlone() {
        assertThat(decide(300, 29, SEEN))
                .isEqualTo(Wish.move(Tier.HOT, "last access or write 29 d ago (hot for 30 d, warm for 90 d)"));
        assertThat(decide(29, 300, SEEN).target()).contains(Tier.HOT);
        assertThat(decide(300, 31, SEEN))
                .isEqualTo(Wish.stay("last access or write 31 d ago (hot for 30 d, warm for 90 d)"));
        assertThat(decide(300, 91, SEEN).target()).contains(Tier.COLD);
    }

    @Test
    void silenceThatWasNotObservedDemotesNothing() {
        Observation tenDays = new Observation(NOW.minus(Duration.ofDays(10)), NOW);
        assertThat(decide(300, 91, tenDays))
                .isEqualTo(Wish.stay("last access or write 91 d ago (hot for 30 d, warm for 90 d), but observed for"
                        + " 10 d of the 90 d that this needs"));
    }

    private static Wish decide(int daysSinceWrite, int daysSinceAccess, Observation observation) {
        PartitionFacts facts = new PartitionFacts(
                PartitionName.parse("user_data.activity/month=2026-01"),
                FileTier.WARM,
                Serving.NOT_SERVED,
                1L << 30,
                NOW.minus(Duration.ofDays(daysSinceWrite)),
                Optional.empty(),
                Accesses.of(Map.of(Accesses.hourOf(NOW) - daysSinceAccess * 24L, 1L)));
        return POLICY.decide(facts, POLICY.heat(facts.accesses(), NOW), observation, NOW);
    }
}
