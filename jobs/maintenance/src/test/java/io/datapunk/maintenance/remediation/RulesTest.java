package io.datapunk.maintenance.remediation;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.MaintenanceConfig.Remediation;
import io.datapunk.lake.postgres.ServerSessions.Session;
import io.datapunk.maintenance.remediation.Memory.Blocks;
import io.datapunk.maintenance.remediation.Memory.Reading;
import io.datapunk.maintenance.remediation.Situation.Server;
import io.datapunk.maintenance.remediation.Situation.Volume;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RulesTest {
    private static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z");
    private static final Remediation DEFAULTS =
            LakeConfig.load(null, Map.of(), Map.of()).maintenance().remediation();

    private final Rules rules = new Rules(DEFAULTS);

    @Test
    void nothingIsDoneWhereThereIsRoom() {
        Situation situation = situation(server(89, 100, idle(1, 3600)), new Volume("home", 79, 100, true));

        assertThat(rules.decide(situation, Memory.NONE, NOW)).isEmpty();
    }

    @Test
    void theLongestIdleSessionsEndUntilAFifthOfTheConnectionsIsFree() {
        Session[] sessions = IntStream.rangeClosed(1, 20)
                .mapToObj(process -> idle(process, 60 * process))
                .toArray(Session[]::new);

        List<Finding> findings = rules.decide(situation(server(93, 100, sessions)), Memory.NONE, NOW);

        assertThat(findings).singleElement().satisfies(finding -> {
            assertThat(finding.trigger()).isEqualTo(Trigger.CONNECTIONS);
            assertThat(finding.why()).isEqualTo("93 of 100 connections are taken, 93 %, from 90 % on idle ones end");
            assertThat(finding.remedies())
                    .as("thirteen, the longest idle first")
                    .containsExactlyElementsOf(IntStream.rangeClosed(0, 12)
                            .<Remedy>mapToObj(longest -> new Remedy.EndIdleSession(sessions[19 - longest]))
                            .toList());
        });
    }

    @Test
    void onlySessionsOfOthersThatHaveBeenIdleForAMinuteEnd() {
        Session own = session(1, "app", "lake heat", "idle", 3600);
        Session spared = session(2, "app", "pg_dump", "idle", 3600);
        Session inTransaction = session(3, "app", "web", "idle in transaction", 3600);
        Session working = session(4, "app", "web", "active", 5);
        Session justIdle = idle(5, 59);

        List<Finding> findings = rules.decide(
                situation(server(95, 100, own, spared, inTransaction, working, justIdle)), Memory.NONE, NOW);

        assertThat(findings).singleElement().satisfies(finding -> {
            assertThat(finding.remedies()).isEmpty();
            assertThat(finding.isToBeDone()).isFalse();
        });
    }

    @Test
    void whatWasDoneAShortWhileAgoIsNotDoneAgain() {
        Situation situation = situation(server(95, 100, idle(1, 3600)));
        List<Finding> acted = rules.decide(situation, Memory.NONE, NOW);
        Memory memory = rules.remember(situation, Memory.NONE, acted, NOW);

        assertThat(rules.decide(situation, memory, NOW.plusSeconds(299)))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.coolingUntil()).contains(NOW.plusSeconds(300));
                    assertThat(finding.isToBeDone()).isFalse();
                });
        assertThat(rules.decide(situation, memory, NOW.plusSeconds(300)))
                .singleElement()
                .satisfies(finding -> assertThat(finding.isToBeDone()).isTrue());
    }

    @Test
    void aLongQueryIsCancelledAndLosesItsSessionWhereItGoesOn() {
        Session running = session(7, "app", "web", "active", 31 * 60);
        Situation situation = situation(server(1, 100, running, session(8, "app", "web", "active", 29 * 60)));

        List<Finding> first = rules.decide(situation, Memory.NONE, NOW);
        Memory memory = rules.remember(situation, Memory.NONE, first, NOW);
        List<Finding> second = rules.decide(situation, memory, NOW.plusSeconds(60));

        assertThat(first).singleElement().satisfies(finding -> {
            assertThat(finding.trigger()).isEqualTo(Trigger.LONG_QUERY);
            assertThat(finding.why()).isEqualTo("longer than 30 min: 1 of 2 queries that run, the longest for 31 min");
            assertThat(finding.remedies()).containsExactly(new Remedy.EndQuery(running, false));
        });
        assertThat(second).singleElement().satisfies(finding -> assertThat(finding.remedies())
                .containsExactly(new Remedy.EndQuery(running, true)));
        assertThat(rules.remember(situation(server(1, 100)), memory, List.of(), NOW)
                        .cancelled())
                .as("one that has ended is forgotten")
                .isEmpty();
    }

    @Test
    void cacheHitsAreThoseSinceTheLastRun() {
        Memory memory = new Memory(Map.of(), Set.of(), Optional.of(new Blocks(1_000_000, 10_000)), Map.of());

        assertThat(rules.decide(blocks(1_006_000, 15_000), memory, NOW))
                .as("6,000 of 11,000")
                .isEmpty();
        assertThat(rules.decide(blocks(1_004_000, 20_000), memory, NOW))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.trigger()).isEqualTo(Trigger.CACHE_HITS);
                    assertThat(finding.why()).isEqualTo("28.6 % of 14,000 blocks were found in memory, below 50 %");
                });
        assertThat(rules.decide(blocks(1_000_010, 19_000), memory, NOW))
                .as("of fewer than 10,000 blocks nothing can be said")
                .isEmpty();
        assertThat(rules.decide(blocks(2_000, 9_000), memory, NOW))
                .as("counters that have begun again")
                .hasSize(1);
    }

    @Test
    void aDiskIsHelpedByItsShare() {
        assertThat(disk(82, true)).containsExactly(new Remedy.CompressLogs());
        assertThat(disk(86, true)).containsExactly(new Remedy.CompressLogs(), new Remedy.CleanTemporary());
        assertThat(disk(93, true))
                .containsExactly(new Remedy.CompressLogs(), new Remedy.CleanTemporary(), new Remedy.MoveColdest(8));
        assertThat(disk(93, false))
                .as("what PostgreSQL has does not lie on it")
                .containsExactly(new Remedy.CompressLogs(), new Remedy.CleanTemporary());
    }

    @Test
    void dataLeavesADiskThatWillBeFullInSixHours() {
        Volume volume = new Volume("home", 84_000, 100_000, true);
        Memory threeHoursAgo = new Memory(
                Map.of(),
                Set.of(),
                Optional.empty(),
                Map.of("home", List.of(new Reading(NOW.minus(Duration.ofHours(3)), 78_000))));

        List<Finding> findings = rules.decide(situation(volume), threeHoursAgo, NOW);

        assertThat(findings).extracting(Finding::trigger).containsExactly(Trigger.DISK_LOGS, Trigger.DISK_DATA);
        assertThat(findings.get(1).why())
                .as("2,000 an hour, carried on for as long as it was seen")
                .isEqualTo("the disk of home is 84.0 % full and will be 90.0 % in 6 h, at or above 90.0 %");
        assertThat(findings.get(1).remedies()).containsExactly(new Remedy.MoveColdest(5_000));
    }

    @Test
    void disksCoolDownEachForItself() {
        Situation one = situation(new Volume("local", 95, 100, false));
        Memory memory = rules.remember(one, Memory.NONE, rules.decide(one, Memory.NONE, NOW), NOW);

        List<Finding> findings = rules.decide(
                situation(new Volume("local", 95, 100, false), new Volume("home", 95, 100, false)),
                memory,
                NOW.plusSeconds(60));

        assertThat(findings)
                .filteredOn(Finding::isToBeDone)
                .extracting(Finding::subject)
                .containsExactly("home", "home");
    }

    private List<Remedy> disk(long used, boolean holdsServer) {
        return rules.decide(situation(new Volume("home", used, 100, holdsServer)), Memory.NONE, NOW).stream()
                .flatMap(finding -> finding.remedies().stream())
                .toList();
    }

    private static Situation situation(Volume... volumes) {
        return new Situation(Optional.empty(), List.of(volumes));
    }

    private static Situation situation(Server server, Volume... volumes) {
        return new Situation(Optional.of(server), List.of(volumes));
    }

    private static Situation blocks(long hit, long read) {
        return situation(new Server(1, 100, List.of(), hit, read));
    }

    private static Server server(long connections, long most, Session... sessions) {
        return new Server(connections, most, List.of(sessions), 0, 0);
    }

    private static Session idle(int process, long seconds) {
        return session(process, "app", "web", "idle", seconds);
    }

    private static Session session(int process, String role, String application, String state, long seconds) {
        return new Session(
                process,
                NOW.minusSeconds(7200).atOffset(ZoneOffset.UTC),
                role,
                application,
                state.equals("idle"),
                state.equals("active"),
                NOW.minusSeconds(seconds).atOffset(ZoneOffset.UTC),
                Duration.ofSeconds(seconds),
                NOW.minusSeconds(seconds).atOffset(ZoneOffset.UTC),
                Duration.ofSeconds(seconds),
                application.startsWith("lake "));
    }
}
