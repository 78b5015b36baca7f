package io.datapunk.tiering.policy;

import io.datapunk.lake.model.Tier;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Moves where the forecast says that a move pays, and where staying has cost so much that no forecast should matter.
 *
 * <p>A move is <em>advised</em> where the expected accesses over the horizon save more than its price; promotions are
 * judged by the lower expectation, demotions by the higher one, so that nothing flaps between the two. An advised move
 * waits until staying has cost λ of a round trip, any other until it has cost 1/λ of it: the break-even rule of ski rental
 * with predictions (Purohit, Svitkina and Kumar 2018), for each pair of tiers of a metrical task system. Between two tiers
 * the price stays within {@code 1 + 1/λ + 1/λ²} of the optimum whatever the forecast says (3 for λ = 1), but for the
 * accesses of a single hour, that nobody sees before it has passed.
 */
record CostPolicy(CostSettings settings, Prices prices, FamilyForecast family) implements Policy {
    @Override
    public String name() {
        return "cost";
    }

    @Override
    public Policy learn(Collection<PartitionFacts> facts, Observation observation, Instant now) {
        return new CostPolicy(
                settings, prices, FamilyForecast.learn(facts, firstHour(observation, now), settings.horizon(), now));
    }

    /** The expected rates: the lower one for what a promotion gains, the higher one for what a demotion loses. */
    @Override
    public Heat heat(Accesses accesses, Instant now) {
        ExpectedAccesses expected = ExpectedAccesses.of(accesses, family, Accesses.hourOf(now));
        Rate low = Rate.perHour(expected.low());
        return new Heat(low, low, Rate.perHour(expected.high()), accesses.lastBefore(now));
    }

    @Override
    public boolean deservesHot(PartitionFacts facts, Heat heat) {
        return saving(facts, Tier.WARM, Tier.HOT, heat) > prices.move(Tier.WARM, Tier.HOT, facts.bytes());
    }

    @Override
    public Wish decide(PartitionFacts facts, Heat heat, Observation observation, Instant now) {
        return Wish.undecided(facts).orElseGet(() -> byCost(facts, heat, observation, now));
    }

    private Wish byCost(PartitionFacts facts, Heat heat, Observation observation, Instant now) {
        return switch (facts.placement()) {
            case UNKNOWN -> throw new IllegalStateException(facts.partition() + " is undecided");
            case HOT -> from(Tier.HOT, facts, heat, observation, now);
            case STALE -> {
                Wish wish = from(Tier.HOT, facts, heat, observation, now);
                yield wish.target().isPresent()
                        ? wish
                        : Wish.move(Tier.HOT, "its files changed since it was loaded; " + wish.reason());
            }
            case WARM ->
                facts.bytes() < settings.sizeFloor()
                        ? Wish.tooSmall(facts, settings.sizeFloor())
                        : from(Tier.WARM, facts, heat, observation, now);
            case COLD -> from(Tier.COLD, facts, heat, observation, now);
            case MIXED -> {
                Wish wish = from(Tier.WARM, facts, heat, observation, now);
                yield wish.target().isPresent() ? wish : from(Tier.COLD, facts, heat, observation, now);
            }
        };
    }

    /** Follows what pays from tier to tier until nothing does, so that the target is left again by no later plan. */
    private Wish from(Tier current, PartitionFacts facts, Heat heat, Observation observation, Instant now) {
        Set<Tier> passed = EnumSet.of(current);
        Tier target = current;
        Wish first = step(current, facts, heat, observation, now);
        Wish last = first;
        for (Wish next = first; next.target().isPresent(); next = step(target, facts, heat, observation, now)) {
            target = next.target().get();
            last = next;
            if (!passed.add(target)) {
                return Wish.stay(next.reason() + ", but so does the way back");
            }
        }
        return target == current ? first : Wish.move(target, last.reason());
    }

    /** The move that gains most. */
    private Wish step(Tier current, PartitionFacts facts, Heat heat, Observation observation, Instant now) {
        Optional<Judgement> best = Optional.empty();
        String stays = expectation(heat) + ": no move from " + text(current) + " pays";
        for (Tier target : Tier.values()) {
            boolean isTooSmall = target != Tier.WARM && facts.bytes() < settings.sizeFloor();
            if (target == current || isTooSmall) {
                continue;
            }
            Judgement judgement = judge(current, target, facts, heat, observation, now);
            if (judgement.moves()
                    && (best.isEmpty() || judgement.gain() > best.get().gain())) {
                Optional<String> obstacle = obstacle(current, target, facts, observation, now);
                if (obstacle.isPresent()) {
                    stays = judgement.reason() + ", but " + obstacle.get();
                } else {
                    best = Optional.of(judgement);
                }
            }
        }
        String reason = stays;
        return best.map(move -> Wish.move(move.target(), move.reason())).orElseGet(() -> Wish.stay(reason));
    }

    private record Judgement(Tier target, boolean moves, double gain, String reason) {}

    private Judgement judge(
            Tier current, Tier target, PartitionFacts facts, Heat heat, Observation observation, Instant now) {
        double move = prices.move(current, target, facts.bytes()) + restOfMinimum(current, facts, now);
        double saved = saving(facts, current, target, heat);
        double roundTrip = prices.roundTrip(current, target, facts.bytes());
        double caution = settings.caution();
        double limit = caution == 0 ? Double.POSITIVE_INFINITY : roundTrip / caution;
        Regret regret = new Regret(
                prices, facts.bytes(), facts.accesses(), Accesses.hourOf(observation.since()), Accesses.hourOf(now));
        double lost = regret.of(current, target, limit);
        boolean advised = caution < 1 && saved > move && regret.of(target, current, limit) < limit;
        // Promotion is urgent: what it is late for is lost by the access, not by the hour.
        boolean urgent = isHotter(target, current) && caution * saved >= roundTrip;
        if (advised && (urgent || lost >= caution * roundTrip)) {
            return new Judgement(target, true, saved - move, reason(current, target, facts, heat, saved, move));
        }
        if (lost > 0 && lost >= limit) {
            return new Judgement(target, true, Math.max(saved - move, 0), overruling(current, target, lost, roundTrip));
        }
        return new Judgement(target, false, 0, "");
    }

    /** The first hour whose accesses are known. */
    private long firstHour(Observation observation, Instant now) {
        return Math.max(
                Accesses.hourOf(observation.since()),
                Accesses.hourOf(now) - settings.history().toHours() + 1);
    }

    private static String overruling(Tier current, Tier target, double lost, double roundTrip) {
        return "%s cost %s more than %s would have, and there and back costs %s: whatever is expected"
                .formatted(text(current), dollars(lost), text(target), dollars(roundTrip));
    }

    private String reason(Tier current, Tier target, PartitionFacts facts, Heat heat, double saved, double move) {
        return expectation(heat) + " over " + Durations.text(settings.horizon()) + ": "
                + text(target) + " saves " + dollars(saved) + " against " + text(current) + " for "
                + dollars(move) + " to move " + Sizes.text(facts.bytes());
    }

    /** Dollars that the target saves over the horizon, without the move. */
    private double saving(PartitionFacts facts, Tier current, Tier target, Heat heat) {
        double accesses = (isHotter(target, current) ? heat.hot() : heat.cold()).perHour();
        return settings.horizon().toHours()
                * (prices.hour(current, facts.bytes(), accesses) - prices.hour(target, facts.bytes(), accesses));
    }

    /** What keeps a demotion from being decided now: silence must have been observed for as long as it takes to pay. */
    private Optional<String> obstacle(
            Tier current, Tier target, PartitionFacts facts, Observation observation, Instant now) {
        if (isHotter(target, current)) {
            return Optional.empty();
        }
        Duration payback = payback(current, target, facts.bytes());
        if (!observation.covers(payback, now)) {
            return Optional.of(observation.shortfall(payback, now));
        }
        if (target != Tier.COLD) {
            return Optional.empty();
        }
        Duration settled = facts.settledFor(now);
        return settled.compareTo(payback) < 0
                ? Optional.of("written or moved " + Durations.text(settled) + " ago (not cold within "
                        + Durations.text(payback) + ")")
                : Optional.empty();
    }

    /** The time in which an idle partition earns what the move costs, at most the horizon. */
    private Duration payback(Tier current, Tier target, long bytes) {
        double perHour = prices.storagePerHour(current, bytes) - prices.storagePerHour(target, bytes);
        double hours =
                perHour <= 0 ? Double.POSITIVE_INFINITY : Math.ceil(prices.move(current, target, bytes) / perHour);
        return Duration.ofHours((long) Math.min(hours, settings.horizon().toHours()));
    }

    private double restOfMinimum(Tier current, PartitionFacts facts, Instant now) {
        Duration minimum = prices.minimumStorage(current);
        if (minimum.isZero() || facts.lastMoved().isEmpty()) {
            return 0;
        }
        long rest =
                minimum.minus(Duration.between(facts.lastMoved().get(), now)).toHours();
        return Math.max(0, rest) * prices.storagePerHour(current, facts.bytes());
    }

    private static boolean isHotter(Tier one, Tier other) {
        return one.compareTo(other) < 0;
    }

    private static String expectation(Heat heat) {
        String low = heat.hot().toString();
        String high = heat.cold().toString();
        return "expects " + (low.equals(high) ? low : low + " to " + high);
    }

    private static String text(Tier tier) {
        return tier.name().toLowerCase(Locale.ROOT);
    }

    private static String dollars(double amount) {
        return String.format(Locale.ROOT, "$%.3g", amount);
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "cost: moves where the accesses expected over %s save more than the move costs, caution %s; below %s"
                        + " always warm",
                Durations.text(settings.horizon()),
                settings.caution(),
                Sizes.text(settings.sizeFloor()));
    }
}
