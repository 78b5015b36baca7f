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
 * judged by the lower expectation, demotions by the higher one, so that nothing flaps between the two. A hotter tier never
 * saves more than up to the next hour with accesses, though: a partition may await that hour where it lies, and come up
 * after it. So one that is seldom read but then a lot is kept hot for what its first hour would cost, one that has fallen
 * silent only as long as such silences tend to end soon ({@link Silences}). An advised move
 * waits until staying has cost λ of a round trip, any other until it has cost 1/λ of it: the break-even rule of ski rental
 * with predictions (Purohit, Svitkina and Kumar 2018), for each pair of tiers of a metrical task system. Between two tiers
 * the price stays within {@code 1 + 1/λ + 1/λ²} of the optimum whatever the forecast says (3 for λ = 1), but for the
 * accesses of a single hour, that nobody sees before it has passed.
 */
record CostPolicy(CostSettings settings, Prices prices, FamilyForecast family) implements Policy {
    /** Most data is read in the rhythm of days: a shorter silence says little, so no forecast takes it for an end. */
    private static final Duration RHYTHM = Duration.ofDays(1);

    @Override
    public String name() {
        return "cost";
    }

    @Override
    public Policy learn(Collection<PartitionFacts> facts, Observation observation, Instant now) {
        return new CostPolicy(
                settings, prices, FamilyForecast.learn(facts, firstHour(observation, now), settings.horizon(), now));
    }

    /**
     * The heat of the last day, by which hot space goes where it is short: who has it can lose it in the next hour. Then the
     * expected rates: the lower one for what a promotion gains, the higher one for what a demotion loses.
     */
    @Override
    public Heat heat(Accesses accesses, Instant now) {
        ExpectedAccesses expected = ExpectedAccesses.of(accesses, family, Accesses.hourOf(now));
        return new Heat(
                HeatWindow.HOT.heat(accesses, now),
                Rate.perHour(expected.low()),
                Rate.perHour(expected.high()),
                accesses.lastBefore(now));
    }

    @Override
    public boolean deservesHot(PartitionFacts facts, Heat heat) {
        return savingByRate(facts, Tier.WARM, Tier.HOT, heat.warm().perHour())
                > prices.move(Tier.WARM, Tier.HOT, facts.bytes());
    }

    @Override
    public Wish decide(PartitionFacts facts, Heat heat, Observation observation, Instant now) {
        return Wish.undecided(facts).orElseGet(() -> byCost(facts, outlook(facts, heat, now), observation, now));
    }

    /** @param next empty where no family was learned from */
    private record Outlook(Rate low, Rate high, Optional<Instant> lastAccess, Optional<NextBusyHour> next) {
        /** Longer than that, counted from the end of the hour of the last access. */
        boolean isSilentFor(Duration length, Instant now) {
            return lastAccess
                    .map(last -> Accesses.hourOf(now) - Accesses.hourOf(last) > length.toHours())
                    .orElse(true);
        }
    }

    private Outlook outlook(PartitionFacts facts, Heat heat, Instant now) {
        return new Outlook(
                heat.warm(), heat.cold(), heat.lastAccess(), family.next(facts.accesses(), Accesses.hourOf(now)));
    }

    private Wish byCost(PartitionFacts facts, Outlook outlook, Observation observation, Instant now) {
        return switch (facts.placement()) {
            case UNKNOWN -> throw new IllegalStateException(facts.partition() + " is undecided");
            case HOT -> from(Tier.HOT, facts, outlook, observation, now);
            case STALE -> {
                Wish wish = from(Tier.HOT, facts, outlook, observation, now);
                yield wish.target().isPresent()
                        ? wish
                        : Wish.move(Tier.HOT, "its files changed since it was loaded; " + wish.reason());
            }
            case WARM ->
                facts.bytes() < settings.sizeFloor()
                        ? Wish.tooSmall(facts, settings.sizeFloor())
                        : from(Tier.WARM, facts, outlook, observation, now);
            case COLD -> from(Tier.COLD, facts, outlook, observation, now);
            case MIXED -> {
                Wish wish = from(Tier.WARM, facts, outlook, observation, now);
                yield wish.target().isPresent() ? wish : from(Tier.COLD, facts, outlook, observation, now);
            }
        };
    }

    /** Follows what pays from tier to tier until nothing does, so that the target is left again by no later plan. */
    private Wish from(Tier current, PartitionFacts facts, Outlook outlook, Observation observation, Instant now) {
        Set<Tier> passed = EnumSet.of(current);
        Tier target = current;
        Wish first = step(current, facts, outlook, observation, now);
        Wish last = first;
        for (Wish next = first; next.target().isPresent(); next = step(target, facts, outlook, observation, now)) {
            target = next.target().get();
            last = next;
            if (!passed.add(target)) {
                return Wish.stay(next.reason() + ", but so does the way back");
            }
        }
        return target == current ? first : Wish.move(target, last.reason());
    }

    /** The move that gains most. */
    private Wish step(Tier current, PartitionFacts facts, Outlook outlook, Observation observation, Instant now) {
        Optional<Judgement> best = Optional.empty();
        String stays = expectation(outlook) + ": no move from " + text(current) + " pays";
        for (Tier target : Tier.values()) {
            boolean isTooSmall = target != Tier.WARM && facts.bytes() < settings.sizeFloor();
            if (target == current || isTooSmall) {
                continue;
            }
            Judgement judgement = judge(current, target, facts, outlook, observation, now);
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
            Tier current, Tier target, PartitionFacts facts, Outlook outlook, Observation observation, Instant now) {
        double move = prices.move(current, target, facts.bytes()) + restOfMinimum(current, facts, now);
        double saved = saving(facts, current, target, outlook);
        double roundTrip = prices.roundTrip(current, target, facts.bytes());
        double caution = settings.caution();
        double limit = caution == 0 ? Double.POSITIVE_INFINITY : roundTrip / caution;
        Regret regret = new Regret(
                prices, facts.bytes(), facts.accesses(), Accesses.hourOf(observation.since()), Accesses.hourOf(now));
        boolean advised = caution < 1
                && saved > move
                && regret.of(target, current, limit) < limit
                && (current != Tier.HOT || outlook.isSilentFor(RHYTHM, now));
        // Promotion is urgent: what it is late for is lost by the access, not by the hour.
        boolean urgent = isHotter(target, current) && (1 - caution) * saved >= roundTrip;
        double patience = caution * roundTrip;
        // For a person, and among targets, what a promotion gains in the end counts.
        double gained = isHotter(target, current)
                ? savingByRate(facts, current, target, rate(current, target, outlook))
                : saved;
        if (advised && (urgent || regret.of(current, target, patience) >= patience)) {
            return new Judgement(target, true, gained - move, reason(current, target, facts, outlook, gained, move));
        }
        double lost = regret.of(current, target, limit);
        if (lost > 0 && lost >= limit) {
            return new Judgement(
                    target, true, Math.max(gained - move, 0), overruling(current, target, lost, roundTrip));
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

    private String reason(Tier current, Tier target, PartitionFacts facts, Outlook outlook, double saved, double move) {
        boolean overTheHorizon = saved == savingByRate(facts, current, target, rate(current, target, outlook));
        String until = overTheHorizon
                ? " over " + Durations.text(settings.horizon())
                : outlook.next().map(CostPolicy::wait).orElseThrow();
        return expectation(outlook) + until + ": " + text(target) + " saves " + dollars(saved) + " against "
                + text(current) + " for " + dollars(move) + " to move " + Sizes.text(facts.bytes());
    }

    private static String wait(NextBusyHour next) {
        return String.format(
                Locale.ROOT,
                ", the next %.3g accesses within %s",
                next.accesses(),
                Durations.text(Duration.ofHours(Math.round(next.hours()))));
    }

    /** What a promotion may count on, or what a demotion has to fear. */
    private static double rate(Tier current, Tier target, Outlook outlook) {
        return (isHotter(target, current) ? outlook.low() : outlook.high()).perHour();
    }

    /** Dollars that the target saves, without the move: over the horizon, or until it would pay to be back. */
    private double saving(PartitionFacts facts, Tier current, Tier target, Outlook outlook) {
        double byRate = savingByRate(facts, current, target, rate(current, target, outlook));
        if (outlook.next().isEmpty()) {
            return byRate;
        }
        NextBusyHour next = outlook.next().get();
        return isHotter(target, current)
                ? Math.min(byRate, next.worth(prices, facts.bytes(), target, current))
                : Math.max(byRate, -next.high().worth(prices, facts.bytes(), current, target));
    }

    private double savingByRate(PartitionFacts facts, Tier current, Tier target, double perHour) {
        return settings.horizon().toHours()
                * (prices.hour(current, facts.bytes(), perHour) - prices.hour(target, facts.bytes(), perHour));
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

    private static String expectation(Outlook outlook) {
        String low = outlook.low().toString();
        String high = outlook.high().toString();
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
