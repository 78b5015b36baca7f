package io.datapunk.archive.retention;

import io.datapunk.archive.retention.Decision.Outcome;
import io.datapunk.lake.config.RetentionConfig.RetentionClass;
import io.datapunk.lake.hold.Hold;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Decides about everything that may expire. Nothing goes without a class, and nothing that a hold may protect. A partition
 * goes when its youngest row is due; before that, and where a hold protects some of its rows, others of them go alone.
 */
public final class ExpiryPlanner {
    private final RetentionRules rules;

    public ExpiryPlanner(RetentionRules rules) {
        this.rules = rules;
    }

    /** One decision for each candidate, in the order of their subjects. */
    public List<Decision> plan(Collection<? extends Candidate> candidates, List<Hold> holds, Instant now) {
        SortedMap<String, Decision> packages = new TreeMap<>();
        List<Decision> others = new ArrayList<>();
        for (Candidate candidate : candidates) {
            Decision decision = decide(candidate, holds, now);
            if (candidate instanceof PackageFacts held) {
                packages.put(held.path(), decision);
            } else {
                others.add(decision);
            }
        }
        keepWhatIsNeeded(packages);
        others.addAll(packages.values());
        return others.stream()
                .sorted(Comparator.comparing(decision -> decision.candidate().subject()))
                .toList();
    }

    private Decision decide(Candidate candidate, List<Hold> holds, Instant now) {
        Optional<RetentionClass> assigned = rules.classOf(candidate);
        if (assigned.isEmpty()) {
            return new Decision(
                    candidate, Outcome.NO_CLASS, Optional.empty(), Optional.empty(), "no rule gives it a class");
        }
        RetentionClass retention = assigned.get();
        Optional<String> name = Optional.of(retention.name());
        Optional<Instant> due = dueAt(retention, candidate.since());
        if (retention.keep().isEmpty()) {
            return new Decision(candidate, Outcome.KEPT, name, due, "class " + retention.name() + " never expires");
        }
        String kept = "class " + retention.name() + " keeps it "
                + retention.keep().map(ExpiryPlanner::text).orElseThrow();
        if (due.isEmpty()) {
            return new Decision(
                    candidate, Outcome.AGE_UNKNOWN, name, due, kept + "; when it entered the lake is not known");
        }
        String until = kept + ", until " + due.get();
        if (now.isBefore(due.get())) {
            return part(candidate, retention, until)
                    .orElseGet(() -> new Decision(candidate, Outcome.YOUNG, name, due, until));
        }
        List<String> protecting = holds.stream()
                .filter(candidate::mayBeProtectedBy)
                .map(Hold::id)
                .sorted()
                .toList();
        if (!protecting.isEmpty()) {
            String held = until + "; held by " + String.join(", ", protecting);
            return part(candidate, retention, held)
                    .orElseGet(() -> new Decision(candidate, Outcome.HELD, name, due, held));
        }
        if (candidate.obstacle().isPresent()) {
            return new Decision(
                    candidate,
                    Outcome.OBSTRUCTED,
                    name,
                    due,
                    until + "; " + candidate.obstacle().get());
        }
        return new Decision(candidate, going(retention), name, due, until);
    }

    private Outcome going(RetentionClass retention) {
        return rules.isAutomatic(retention) ? Outcome.EXPIRE : Outcome.AWAIT_APPROVAL;
    }

    /** What goes of something that stays: rows whose own time is over, and that no hold protects. */
    private Optional<Decision> part(Candidate candidate, RetentionClass retention, String staying) {
        return candidate.dueRows().filter(due -> due.rows() > 0).map(due -> {
            String reason = staying + "; its rows from before " + due.enteredBefore() + " are due"
                    + (due.held() > 0 ? ", but for " + due.held() + " that are held" : "");
            return new Decision(
                    candidate,
                    candidate.obstacle().isPresent() ? Outcome.OBSTRUCTED : going(retention),
                    Optional.of(retention.name()),
                    dueAt(retention, Optional.of(due.enteredBefore())),
                    Optional.of(due),
                    candidate
                            .obstacle()
                            .map(obstacle -> reason + "; " + obstacle)
                            .orElse(reason));
        });
    }

    /** What entered the lake before this time has had its own; empty where it has no end. */
    public static Optional<Instant> limit(RetentionClass retention, Instant now) {
        return retention
                .keep()
                .map(keep -> now.atZone(ZoneOffset.UTC).minus(keep).toInstant());
    }

    /** When the time of something is over: empty where it has no end or no beginning. */
    public static Optional<Instant> dueAt(RetentionClass retention, Optional<Instant> since) {
        return since.flatMap(begin -> retention
                .keep()
                .map(keep -> begin.atZone(ZoneOffset.UTC).plus(keep).toInstant()));
    }

    /** A pack goes no sooner than all that is stored in it; so who keeps one package can keep others. */
    private static void keepWhatIsNeeded(SortedMap<String, Decision> packages) {
        boolean changed = true;
        while (changed) {
            changed = false;
            for (Decision decision : List.copyOf(packages.values())) {
                Decision after = afterThoseThatNeedIt(decision, packages);
                if (after.outcome() != decision.outcome()) {
                    packages.put(decision.candidate().subject().name(), after);
                    changed = true;
                }
            }
        }
    }

    private static Decision afterThoseThatNeedIt(Decision decision, SortedMap<String, Decision> packages) {
        if (!decision.outcome().goes()) {
            return decision;
        }
        String staying = decision.candidate().neededBy().stream()
                .filter(user -> !packages.containsKey(user)
                        || !packages.get(user).outcome().goes())
                .sorted()
                .collect(Collectors.joining(", "));
        if (!staying.isEmpty()) {
            return decision.with(Outcome.NEEDED, decision.reason() + "; " + staying + " has content in it");
        }
        boolean waits = decision.candidate().neededBy().stream()
                .anyMatch(user -> packages.get(user).outcome() == Outcome.AWAIT_APPROVAL);
        return waits ? decision.with(Outcome.AWAIT_APPROVAL, decision.reason()) : decision;
    }

    private static String text(Period keep) {
        String years = keep.getYears() == 0 ? "" : keep.getYears() + " y ";
        String months = keep.getMonths() == 0 ? "" : keep.getMonths() + " mo ";
        String days = keep.getDays() == 0 ? "" : keep.getDays() + " d ";
        return (years + months + days).strip();
    }
}
