package io.datapunk.archive.retention;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.archive.retention.Decision.Outcome;
import io.datapunk.archive.retention.PartitionFacts.Events;
import io.datapunk.archive.retention.PartitionFacts.Serving;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.RetentionConfig;
import io.datapunk.lake.hold.Hold;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.PartitionName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What expires, and what nothing can make expire. */
class ExpiryPlannerTest {
    private static final Instant INGESTED = Instant.parse("2020-02-29T12:00:00Z");
    private static final String ANN = "a".repeat(32);
    private static final String BOB = "b".repeat(32);

    private static final RetentionConfig OPS = rules("""
            classes { logs = 30 d }
            rules = [
              { of = rows, dataset = "ops.*", partition = "month=2019-*", class = keep }
              { of = rows, dataset = "ops.*", class = logs }
              { of = packages, category = gdpr, class = gdpr }
            ]
            automatic = [logs]
            """);

    private static final RetentionConfig EVERYTHING = rules("""
            classes { short = 30 d }
            rules = [
              { category = gdpr, class = gdpr }
              { dataset = "user_data.*", class = keep }
              { dataset = "ops.*", class = short }
              { dataset = "*", class = default }
            ]
            automatic = [short, default]
            """);

    private static final RetentionConfig NOTHING = load("");

    @Example
    void theFirstRuleThatFitsAssignsTheClass() {
        assertThat(planned(OPS, partition("ops.audit_logs/month=2019-04"))).isEqualTo("KEPT: class keep never expires");
        assertThat(planned(OPS, partition("ops.audit_logs/month=2020-04")))
                .isEqualTo("EXPIRE: class logs keeps it 30 d, until 2020-03-30T12:00:00Z");
        assertThat(planned(OPS, partition("user_data.media/month=2020-04")))
                .isEqualTo("NO_CLASS: no rule gives it a class");
    }

    @Example
    void aDatasetsOwnClassGoesBeforeAllRules() {
        RetentionConfig config = load("""
                lake.archive.retention.rules = [{ dataset = "*", class = default }]
                lake.datasets."ops.audit_logs".archive.retention = sox
                """);

        assertThat(planned(config, partition("ops.audit_logs/month=2020-04")))
                .isEqualTo("YOUNG: class sox keeps it 7 y, until 2027-02-28T12:00:00Z");
    }

    @Example
    void aPersonApprovesUnlessTheClassIsAutomatic() {
        assertThat(planned(OPS, bag("one", "gdpr", Set.of())))
                .isEqualTo("AWAIT_APPROVAL: class gdpr keeps it 7 y, until 2027-02-28T12:00:00Z");
        assertThat(planned(OPS, bag("one", "sox", Set.of()))).startsWith("NO_CLASS");
    }

    @Example
    void aHoldProtectsWhatMeetsItAndNothingElse() {
        Hold anns = hold(Optional.of(ANN), Optional.of("ops.audit_logs"), Optional.of("2020-04-10T00:00:00Z"));

        assertThat(planned(OPS, partition("ops.audit_logs/month=2020-04"), anns))
                .isEqualTo("HELD: class logs keeps it 30 d, until 2020-03-30T12:00:00Z; held by 1f9a03b7");
        assertThat(planned(OPS, partition("ops.audit_logs/month=2020-03"), anns))
                .as("its events were before")
                .startsWith("EXPIRE");
        assertThat(planned(OPS, partition("ops.health_metrics/month=2020-04"), anns))
                .as("another dataset")
                .startsWith("EXPIRE");
        assertThat(planned(
                        OPS,
                        partition("ops.audit_logs/month=2020-04"),
                        hold(Optional.of(BOB), Optional.empty(), Optional.empty())))
                .as("another person")
                .startsWith("EXPIRE");
    }

    @Example
    void whatIsServedFromPostgresqlStaysAndSaysWhatToDo() {
        assertThat(planned(OPS, partition("ops.audit_logs/month=2020-04", Serving.SERVED)))
                .contains("OBSTRUCTED")
                .contains("`lake tier pin ops.audit_logs/month=2020-04 --tier warm`");
        assertThat(planned(OPS, partition("ops.audit_logs/month=2020-04", Serving.UNKNOWN)))
                .contains("OBSTRUCTED");
    }

    @Example
    void aMonthThatRowsStillEnterLosesThoseWhoseTimeIsOver() {
        Instant limit = Instant.parse("2020-12-02T00:00:00Z");
        PartitionFacts growing = growing("2020-12-20T00:00:00Z", new DueRows(limit, 3, 1), Serving.NOT_SERVED);

        Decision decision = plan(OPS, List.of(growing), List.of(), Instant.parse("2021-01-01T00:00:00Z"))
                .get(0);

        assertThat(decision.outcome()).isEqualTo(Outcome.EXPIRE);
        assertThat(decision.part()).contains(new DueRows(limit, 3, 1));
        assertThat(decision.rows()).hasValue(3);
        assertThat(decision.bytes()).as("their share").isEqualTo(60);
        assertThat(decision.dueAt()).contains(Instant.parse("2021-01-01T00:00:00Z"));
        assertThat(decision.reason())
                .isEqualTo("class logs keeps it 30 d, until 2021-01-19T00:00:00Z; its rows from before"
                        + " 2020-12-02T00:00:00Z are due, but for 1 that are held");
        assertThat(planned(OPS, growing("2020-12-20T00:00:00Z", new DueRows(limit, 0, 5), Serving.NOT_SERVED)))
                .isEqualTo("YOUNG: class logs keeps it 30 d, until 2021-01-19T00:00:00Z");
        assertThat(planned(OPS, growing("2020-12-20T00:00:00Z", new DueRows(limit, 3, 0), Serving.SERVED)))
                .as("demote it first")
                .startsWith("OBSTRUCTED")
                .contains("--tier warm");
    }

    @Example
    void aHoldOnSomeRowsLetsOthersGo() {
        Instant limit = Instant.parse("2020-12-02T00:00:00Z");
        Hold anns = hold(Optional.of(ANN), Optional.of("ops.audit_logs"), Optional.empty());

        assertThat(planned(OPS, growing("2020-03-01T00:00:00Z", new DueRows(limit, 4, 1), Serving.NOT_SERVED), anns))
                .isEqualTo(
                        "EXPIRE: class logs keeps it 30 d, until 2020-03-31T00:00:00Z; held by 1f9a03b7; its rows from"
                                + " before 2020-12-02T00:00:00Z are due, but for 1 that are held");
        assertThat(planned(OPS, growing("2020-03-01T00:00:00Z", new DueRows(limit, 0, 5), Serving.NOT_SERVED), anns))
                .startsWith("HELD");
    }

    private static PartitionFacts growing(String since, DueRows due, Serving serving) {
        PartitionFacts facts = partition("ops.audit_logs/month=2020-04", serving);
        return new PartitionFacts(
                facts.name(),
                facts.deltaVersion(),
                facts.fingerprint(),
                facts.category(),
                Optional.of(Instant.parse(since)),
                Optional.of(due),
                facts.rows(),
                facts.bytes(),
                facts.events(),
                facts.persons(),
                serving);
    }

    @Property
    void whatIsDueByTheLimitIsDueByItsOwnTime(
            @ForAll("times") Instant now, @ForAll("times") Instant ingested, @ForAll("classes") String name) {
        RetentionConfig.RetentionClass retention = EVERYTHING.classes().get(name);
        if (ingested.isBefore(ExpiryPlanner.limit(retention, now).orElseThrow())) {
            assertThat(ExpiryPlanner.dueAt(retention, Optional.of(ingested)).orElseThrow())
                    .isBeforeOrEqualTo(now);
        }
    }

    @Provide
    Arbitrary<String> classes() {
        return Arbitraries.of("gdpr", "hipaa", "default", "short");
    }

    @Example
    void aPackageThatAnotherOneFetchesStaysAsLongAsThatOne() {
        PackageFacts old = bag("old", "gdpr", Set.of("new"));

        assertThat(outcomes(OPS, List.of(old, bag("new", "sox", Set.of())), List.of()))
                .containsEntry("old", Outcome.NEEDED);
        assertThat(outcomes(OPS, List.of(old, bag("new", "gdpr", Set.of())), List.of()))
                .containsEntry("old", Outcome.AWAIT_APPROVAL)
                .containsEntry("new", Outcome.AWAIT_APPROVAL);
    }

    @Property
    void nothingThatAHoldMayProtectGoes(
            @ForAll("candidates") List<Candidate> candidates,
            @ForAll("holds") List<Hold> holds,
            @ForAll("times") Instant now) {
        for (Decision decision : plan(EVERYTHING, candidates, holds, now)) {
            if (holds.stream().anyMatch(decision.candidate()::mayBeProtectedBy)) {
                assertThat(decision.outcome().goes()).as(decision.toString()).isFalse();
            }
        }
    }

    @Property
    void nothingWithoutAClassGoes(@ForAll("candidates") List<Candidate> candidates, @ForAll("times") Instant now) {
        assertThat(plan(NOTHING, candidates, List.of(), now))
                .allMatch(decision -> decision.outcome() == Outcome.NO_CLASS);
        assertThat(plan(OPS, candidates, List.of(), now))
                .filteredOn(decision -> decision.outcome().goes())
                .allMatch(decision -> decision.candidate().dataset().startsWith("ops.")
                        || decision.candidate().category().equals("gdpr"));
    }

    @Property
    void whatGoesAtOneTimeGoesAtEveryLaterOne(
            @ForAll("candidates") List<Candidate> candidates,
            @ForAll("holds") List<Hold> holds,
            @ForAll("times") Instant now,
            @ForAll("times") Instant other) {
        Instant earlier = now.isBefore(other) ? now : other;
        Instant later = now.isBefore(other) ? other : now;

        assertThat(going(plan(EVERYTHING, candidates, holds, later)))
                .containsAll(going(plan(EVERYTHING, candidates, holds, earlier)));
    }

    @Property
    void aHoldOnlyEverKeepsMore(
            @ForAll("candidates") List<Candidate> candidates,
            @ForAll("holds") List<Hold> holds,
            @ForAll("times") Instant now) {
        assertThat(going(plan(EVERYTHING, candidates, List.of(), now)))
                .containsAll(going(plan(EVERYTHING, candidates, holds, now)));
    }

    @Property
    void noPackageGoesBeforeThoseThatNeedIt(
            @ForAll("candidates") List<Candidate> candidates,
            @ForAll("holds") List<Hold> holds,
            @ForAll("times") Instant now) {
        List<Decision> decisions = plan(EVERYTHING, candidates, holds, now);
        Set<String> going = going(decisions);
        for (Decision decision : decisions) {
            if (decision.outcome().goes()) {
                assertThat(going).containsAll(decision.candidate().neededBy());
            }
            if (decision.outcome() == Outcome.EXPIRE) {
                assertThat(decisions)
                        .filteredOn(other -> decision.candidate()
                                .neededBy()
                                .contains(other.candidate().subject().name()))
                        .allMatch(other -> other.outcome() == Outcome.EXPIRE);
            }
        }
    }

    @Property
    void nothingGoesBeforeItsTimeWhicheverEventsItHas(
            @ForAll("candidates") List<Candidate> candidates, @ForAll("times") Instant now) {
        for (Decision decision : plan(EVERYTHING, candidates, List.of(), now)) {
            if (decision.outcome().goes()) {
                assertThat(Duration.between(decision.candidate().since().orElseThrow(), now))
                        .isGreaterThanOrEqualTo(Duration.ofDays(30));
            }
        }
    }

    @Provide
    Arbitrary<List<Candidate>> candidates() {
        Arbitrary<Candidate> partitions = Combinators.combine(
                        Arbitraries.of("ops.audit_logs", "ops.health_metrics", "user_data.media"),
                        Arbitraries.integers().between(1, 12),
                        times().optional(),
                        Arbitraries.of(Set.of(ANN), Set.of(BOB), Set.of(ANN, BOB))
                                .optional(),
                        Arbitraries.of(Serving.values()))
                .as((dataset, month, since, persons, serving) -> facts(
                        PartitionName.parse("%s/month=2020-%02d".formatted(dataset, month)), since, persons, serving));
        Arbitrary<Candidate> packages = Combinators.combine(
                        Arbitraries.integers().between(0, 6),
                        Arbitraries.of("gdpr", "sox"),
                        Arbitraries.of("export", "ops.audit_logs"),
                        times(),
                        Arbitraries.of(ANN, BOB).set(),
                        Arbitraries.of(true, false),
                        // Later packages refer to earlier ones.
                        Arbitraries.integers().between(7, 9).set().ofMaxSize(2))
                .as((number, category, source, made, persons, others, users) -> new PackageFacts(
                        "p" + number,
                        "f",
                        category,
                        source,
                        made,
                        10,
                        persons,
                        others,
                        users.stream().map(user -> "p" + user).collect(Collectors.toSet())));
        Arbitrary<Candidate> users = Combinators.combine(
                        Arbitraries.integers().between(7, 9), Arbitraries.of("gdpr", "sox"), times())
                .as((number, category, made) -> new PackageFacts(
                        "p" + number, "f", category, "export", made, 10, Set.of(ANN), false, Set.of()));
        return Arbitraries.oneOf(partitions, packages, users)
                .list()
                .uniqueElements(Candidate::subject)
                .ofMaxSize(12);
    }

    @Provide
    Arbitrary<List<Hold>> holds() {
        return Combinators.combine(
                        Arbitraries.of(ANN, BOB).optional(),
                        Arbitraries.of("ops.audit_logs", "user_data.media").optional(),
                        Arbitraries.of("2020-04-10T00:00:00Z", "2021-01-01T00:00:00Z")
                                .optional())
                .as(ExpiryPlannerTest::hold)
                .list()
                .ofMaxSize(2);
    }

    @Provide
    Arbitrary<Instant> times() {
        return Arbitraries.integers().between(0, 4000).map(days -> Instant.parse("2020-01-01T00:00:00Z")
                .plus(Duration.ofDays(days)));
    }

    private static Hold hold(Optional<String> user, Optional<String> dataset, Optional<String> from) {
        return new Hold(
                "1f9a03b7",
                user,
                dataset.map(DatasetName::parse),
                from.map(Instant::parse),
                Optional.empty(),
                "case 12",
                INGESTED);
    }

    private static PartitionFacts partition(String name) {
        return partition(name, Serving.NOT_SERVED);
    }

    private static PartitionFacts partition(String name, Serving serving) {
        return facts(PartitionName.parse(name), Optional.of(INGESTED), Optional.of(Set.of(ANN)), serving);
    }

    /** Its events were in its month. */
    private static PartitionFacts facts(
            PartitionName name, Optional<Instant> since, Optional<Set<String>> persons, Serving serving) {
        String month = name.value().orElseThrow().value();
        return new PartitionFacts(
                name,
                3,
                "f",
                "default",
                since,
                Optional.empty(),
                OptionalLong.of(5),
                100,
                Optional.of(new Events(Instant.parse(month + "-01T00:00:00Z"), Instant.parse(month + "-28T00:00:00Z"))),
                persons,
                serving);
    }

    private static PackageFacts bag(String path, String category, Set<String> neededBy) {
        return new PackageFacts(path, "f", category, "export", INGESTED, 10, Set.of(ANN), false, neededBy);
    }

    private static String planned(RetentionConfig config, Candidate candidate, Hold... holds) {
        Instant now = candidate instanceof PartitionFacts
                ? Instant.parse("2021-01-01T00:00:00Z")
                : Instant.parse("2028-01-01T00:00:00Z");
        Decision decision =
                plan(config, List.of(candidate), List.of(holds), now).get(0);
        return decision.outcome() + ": " + decision.reason();
    }

    private static Map<String, Outcome> outcomes(
            RetentionConfig config, List<? extends Candidate> candidates, List<Hold> holds) {
        return plan(config, new ArrayList<>(candidates), holds, Instant.parse("2028-01-01T00:00:00Z")).stream()
                .collect(Collectors.toMap(
                        decision -> decision.candidate().subject().name(), Decision::outcome));
    }

    private static Set<String> going(List<Decision> decisions) {
        return decisions.stream()
                .filter(decision -> decision.outcome().goes())
                .map(decision -> decision.candidate().subject().name())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<Decision> plan(
            RetentionConfig config, List<? extends Candidate> candidates, List<Hold> holds, Instant now) {
        return new ExpiryPlanner(new RetentionRules(config)).plan(candidates, holds, now);
    }

    private static RetentionConfig rules(String retention) {
        return load("lake.archive.retention {\n" + retention + "\n}");
    }

    private static RetentionConfig load(String text) {
        try {
            Path file = Files.writeString(Files.createTempFile("retention", ".conf"), text);
            try {
                return LakeConfig.load(file, Map.of(), Map.of()).archive().retention();
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
