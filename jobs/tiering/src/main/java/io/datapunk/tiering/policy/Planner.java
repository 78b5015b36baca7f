package io.datapunk.tiering.policy;

import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.FileTier;
import io.datapunk.lake.model.Tier;
import io.datapunk.tiering.policy.Decision.Outcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * Fits the wishes of a policy into the budgets: {@code O(n log n)}, independent of the order of the facts.
 *
 * <p>Hot space goes by rank: recent data first, then who deserves it by its heat, then the gain per byte, which counts
 * threefold for who already has it. A partition that is hot only by hysteresis yields to one that deserves the space, one that
 * deserves it to one that gains more than three times as much, never the other way round, so a plan that was carried out leaves
 * nothing to move. Moves between files follow, by gain per byte.
 */
public final class Planner {
    /** So much more has to be gained by who takes another's hot space, against flapping. */
    private static final double SERVED_ADVANTAGE = 3;

    private final Function<DatasetName, Policy> policies;
    private final Budgets budgets;
    private final Prices prices;

    /** @param policies the policy of each dataset */
    public Planner(Function<DatasetName, Policy> policies, Budgets budgets, Prices prices) {
        this.policies = policies;
        this.budgets = budgets;
        this.prices = prices;
    }

    /** One decision for each partition, sorted by its name. */
    public List<Decision> plan(Collection<PartitionFacts> facts, Observation observation, Instant now) {
        return new Run(observation, now).decide(facts);
    }

    private record Candidate(PartitionFacts facts, Heat heat, boolean deservesHot, Wish wish, double gain) {
        boolean wantsHot() {
            return wish.target().map(target -> target == Tier.HOT).orElse(facts.placement() == Placement.HOT);
        }

        /** What its gain counts for where it competes for hot space: being there already is an advantage. */
        double claim() {
            if (!isServed()) {
                return gain;
            }
            return gain > 0 ? gain * SERVED_ADVANTAGE : gain / SERVED_ADVANTAGE;
        }

        boolean isServed() {
            return facts.placement().isServed();
        }
    }

    /** One planning: the budgets as they are used up. */
    private final class Run {
        private static final Comparator<Candidate> BY_NAME =
                Comparator.comparing(candidate -> candidate.facts().partition());

        private final Observation observation;
        private final Instant now;
        private final List<Decision> decisions = new ArrayList<>();
        private long hotSpaceLeft = budgets.hotSpace();
        private long bytesLeft = budgets.bytesPerRun();

        Run(Observation observation, Instant now) {
            this.observation = observation;
            this.now = now;
        }

        List<Decision> decide(Collection<PartitionFacts> facts) {
            List<Candidate> hot = new ArrayList<>();
            List<Candidate> files = new ArrayList<>();
            for (PartitionFacts partition : facts) {
                Candidate candidate = judge(partition);
                if (candidate.wantsHot()) {
                    hot.add(candidate);
                } else if (candidate.wish().target().isPresent()) {
                    files.add(candidate);
                } else {
                    stay(candidate);
                }
            }
            hot.sort(Comparator.comparing(
                            (Candidate candidate) -> !candidate.facts().isPinnedHot())
                    .thenComparing(candidate -> !isRecent(candidate))
                    .thenComparing(candidate -> !candidate.deservesHot())
                    .thenComparing(Candidate::claim, Comparator.reverseOrder())
                    .thenComparing(candidate -> !candidate.isServed())
                    .thenComparing(BY_NAME));
            for (Candidate candidate : hot) {
                allotHotSpace(candidate).ifPresent(files::add);
            }
            files.sort(Comparator.comparing(Candidate::gain, Comparator.reverseOrder())
                    .thenComparing(BY_NAME));
            files.forEach(this::allotBytes);
            decisions.sort(Comparator.comparing(Decision::partition));
            return List.copyOf(decisions);
        }

        private Candidate judge(PartitionFacts facts) {
            Policy policy = policies.apply(facts.partition().dataset());
            Heat heat = policy.heat(facts.accesses(), now);
            Wish wish = policy.decide(facts, heat, observation, now).possible(facts);
            return new Candidate(
                    facts,
                    heat,
                    facts.isPinnedHot() || policy.deservesHot(facts, heat),
                    wish,
                    gain(facts, heat, wish.target().orElse(Tier.HOT)));
        }

        private double gain(PartitionFacts facts, Heat heat, Tier target) {
            Tier files = facts.files() == FileTier.WARM ? Tier.WARM : Tier.COLD;
            return switch (target) {
                case HOT -> prices.gainPerByte(files, Tier.HOT, facts.bytes(), heat.hot());
                case WARM ->
                    prices.gainPerByte(
                            facts.placement().isServed() ? Tier.HOT : Tier.COLD, Tier.WARM, facts.bytes(), heat.warm());
                case COLD ->
                    prices.gainPerByte(
                            facts.placement().isServed() ? Tier.HOT : Tier.WARM, Tier.COLD, facts.bytes(), heat.cold());
            };
        }

        private boolean isRecent(Candidate candidate) {
            Instant written = candidate.facts().lastWritten();
            return !written.isBefore(now.minus(budgets.recent()));
        }

        /** Decides about a partition that wants to be hot, or hands back what should become of it instead. */
        private Optional<Candidate> allotHotSpace(Candidate candidate) {
            PartitionFacts facts = candidate.facts();
            long space = budgets.hotBytes(facts.bytes());
            boolean loads = candidate.wish().target().isPresent();
            long copied = loads ? bytesToCopy(facts, Tier.HOT) : 0;
            String obstacle = null;
            if (space > hotSpaceLeft) {
                obstacle = "needs about " + Sizes.text(space) + " of hot space, "
                        + Sizes.text(Math.max(hotSpaceLeft, 0)) + " of " + Sizes.text(budgets.hotSpace())
                        + " is left by better ranked partitions";
            } else if (copied > bytesLeft) {
                obstacle = bytesObstacle(copied);
            }
            if (obstacle == null) {
                hotSpaceLeft -= space;
                bytesLeft -= copied;
                if (loads) {
                    decide(
                            candidate,
                            Outcome.MOVE,
                            Optional.of(Tier.HOT),
                            candidate.wish().reason());
                } else {
                    stay(candidate);
                }
                return Optional.empty();
            }
            String reason = candidate.wish().reason() + "; " + obstacle;
            if (candidate.isServed()) {
                // Holding space that others rank for, or serving old rows: it yields now.
                return Optional.of(instead(candidate, Tier.WARM, reason));
            }
            if (facts.files() != FileTier.WARM) {
                // Too warm for cold in any case.
                return Optional.of(instead(candidate, Tier.WARM, reason));
            }
            decide(candidate, Outcome.DEFER, Optional.of(Tier.HOT), reason + gainText(candidate));
            return Optional.empty();
        }

        private void allotBytes(Candidate candidate) {
            Tier target = candidate.wish().target().orElseThrow();
            long copied = bytesToCopy(candidate.facts(), target);
            if (copied <= bytesLeft) {
                bytesLeft -= copied;
                decide(
                        candidate,
                        Outcome.MOVE,
                        Optional.of(target),
                        candidate.wish().reason());
                return;
            }
            String reason = candidate.wish().reason() + "; " + bytesObstacle(copied);
            boolean canAtLeastLeaveHot = candidate.isServed() && bytesToCopy(candidate.facts(), Tier.WARM) == 0;
            if (canAtLeastLeaveHot) {
                decide(candidate, Outcome.MOVE, Optional.of(Tier.WARM), reason);
            } else {
                decide(candidate, Outcome.DEFER, Optional.of(target), reason + gainText(candidate));
            }
        }

        private Candidate instead(Candidate candidate, Tier target, String reason) {
            return new Candidate(
                    candidate.facts(),
                    candidate.heat(),
                    candidate.deservesHot(),
                    Wish.move(target, reason),
                    gain(candidate.facts(), candidate.heat(), target));
        }

        private String bytesObstacle(long copied) {
            String obstacle = "copies " + Sizes.text(copied) + ", " + Sizes.text(bytesLeft) + " of this run's "
                    + Sizes.text(budgets.bytesPerRun()) + " is left";
            return copied > budgets.bytesPerRun()
                    ? obstacle + ": it never fits, raise lake.tiering.budget.moved-per-run"
                    : obstacle;
        }

        private static String gainText(Candidate candidate) {
            return String.format(Locale.ROOT, "; ranked by $%.4g a month for each GB", candidate.gain() * 1e9);
        }

        private void stay(Candidate candidate) {
            decide(candidate, Outcome.STAY, Optional.empty(), candidate.wish().reason());
        }

        private void decide(Candidate candidate, Outcome outcome, Optional<Tier> to, String reason) {
            PartitionFacts facts = candidate.facts();
            decisions.add(new Decision(
                    facts.partition(),
                    facts.placement(),
                    outcome,
                    to,
                    outcome == Outcome.MOVE ? bytesToCopy(facts, to.orElseThrow()) : 0,
                    candidate.heat(),
                    reason));
        }

        /** Whatever becomes hot is loaded from warm files, so a cold partition is copied twice on its way. */
        private static long bytesToCopy(PartitionFacts facts, Tier target) {
            long bytes = facts.bytes();
            return switch (target) {
                case HOT -> facts.files() == FileTier.WARM ? bytes : Math.multiplyExact(bytes, 2L);
                case WARM -> facts.files() == FileTier.WARM ? 0 : bytes;
                case COLD -> facts.files() == FileTier.COLD ? 0 : bytes;
            };
        }
    }
}
