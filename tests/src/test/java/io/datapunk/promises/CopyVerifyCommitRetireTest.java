package io.datapunk.promises;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.datapunk.lake.audit.AuditLog;
import io.datapunk.lake.audit.AuditVerification;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Promise 4: copy, verify, commit, retire. Killed at any moment and run again, a job ends in the state that an unbroken
 * run would have reached. Imports are killed by {@code KilledIngestTest}, beside what they are made of.
 */
@Tag("full")
class CopyVerifyCommitRetireTest {
    /** The moments at which {@code tier apply} is killed; the first lie far apart. */
    enum Moment {
        FIRST_DEPARTURE_IS_AUDITED(lake -> lake.audited("tiering.unserve") >= 1),
        FIRST_ARRIVAL_IS_LOADING(lake -> lake.hot("LOADING", "") >= 1),
        HALF_OF_THE_COPIES_ARE_WRITTEN(lake -> lake.copies() >= RestlessLake.COPIES / 2),
        FIRST_COMMIT_IS_MADE(lake -> lake.commits() >= 1),
        JOURNAL_IS_WRITTEN(lake -> lake.journalled() >= 1),
        PLAN_IS_BEGUN(LakeWatch::isApplying),
        HALF_OF_THE_DEPARTURES_ARE_DONE(lake -> lake.hot("RETIRED", "") >= RestlessLake.DEPARTURES / 2),
        FIRST_COPY_IS_WRITTEN(lake -> lake.copies() >= 1),
        FIRST_ARRIVAL_IS_SERVED(lake -> lake.hot("SERVING", RestlessLake.ARRIVING) >= 1),
        FIRST_RETIREMENT_IS_AUDITED(lake -> lake.audited("tiering.retire-files") >= 1);

        private final Predicate<LakeWatch> isReached;

        Moment(Predicate<LakeWatch> isReached) {
            this.isReached = isReached;
        }
    }

    private static final Duration LONGEST_DELAY = Duration.ofSeconds(30);

    private static RestlessLake restless;
    private static LakeState undisturbed;

    @BeforeAll
    static void applyUndisturbed(@TempDir Path folder) throws Exception {
        restless = RestlessLake.shared();
        LakeCommands lake = restless.copy(folder.resolve("lake"));
        try {
            JsonNode applied = lake.result(restless.apply());
            assertThat(applied.get("moves"))
                    .hasSize(2 * RestlessLake.MOVES.size())
                    .allSatisfy(move -> assertThat(RestlessLake.MOVES)
                            .contains(month(move) + " " + move.get("from").asText() + " "
                                    + move.get("to").asText()));
            assertThat(lake.result(restless.applyNextDay()).get("moves")).isEmpty();
            undisturbed = LakeState.of(lake, restless.status(lake));
        } finally {
            lake.run("down");
        }
    }

    /** {@code -Dlake.test.moments=10} takes all of them. */
    static Stream<Moment> moments() {
        return Arrays.stream(Moment.values()).limit(Integer.getInteger("lake.test.moments", 1));
    }

    @ParameterizedTest
    @MethodSource("moments")
    void killedTierApplyEndsWhereAnUnbrokenOneEnds(Moment moment, @TempDir Path folder) throws Exception {
        LakeCommands lake = restless.copy(folder.resolve("lake"));
        try {
            runAndKill(lake, moment);

            assertThat(finish(lake).get("resumed").asBoolean())
                    .as("the kill had left something to do")
                    .isTrue();
        } finally {
            lake.run("down");
        }
    }

    /** {@code -Dlake.test.kills=20} kills more often. All six kinds of moves are under way each time. */
    static IntStream seeds() {
        return IntStream.range(0, Integer.getInteger("lake.test.kills", 1));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void killedAtARandomMomentToo(int seed, @TempDir Path folder) throws Exception {
        long delay = new Random(seed).nextLong(LONGEST_DELAY.toMillis());
        boolean killed = false;
        for (int attempt = 0; !killed; attempt++) {
            LakeCommands lake = restless.copy(folder.resolve("lake " + attempt));
            try {
                killed = runAndKill(lake, delay);
                finish(lake);
            } finally {
                lake.run("down");
            }
            // It had ended already.
            delay /= 2;
        }
    }

    /** Runs it again, and compares everything with a lake that nobody has disturbed. */
    private static JsonNode finish(LakeCommands lake) throws Exception {
        JsonNode rerun = lake.result(restless.apply());
        assertThat(lake.result(restless.applyNextDay()).get("moves")).isEmpty();
        assertThat(LakeState.of(lake, restless.status(lake))).isEqualTo(undisturbed);
        assertThat(new Leftovers(lake).all()).isEmpty();
        AuditVerification chain = new AuditLog(lake.home().resolve("audit"), Duration.ofSeconds(10)).verify();
        assertThat(chain.intact()).as("%s", chain.damage()).isTrue();
        return rerun;
    }

    /** Whether it was still at work. */
    private static boolean runAndKill(LakeCommands lake, long delayMillis) throws Exception {
        try (LakeWatch watch = new LakeWatch(lake.home());
                LakeProcess apply = LakeProcess.start(lake, restless.apply())) {
            while (apply.isAlive() && !watch.isApplying()) {
                Thread.sleep(2);
            }
            Thread.sleep(delayMillis);
            boolean isAtWork = apply.isAlive();
            if (isAtWork) {
                apply.kill();
            }
            return isAtWork;
        }
    }

    private static void runAndKill(LakeCommands lake, Moment moment) throws Exception {
        try (LakeWatch watch = new LakeWatch(lake.home());
                LakeProcess apply = LakeProcess.start(lake, restless.apply())) {
            while (apply.isAlive() && !moment.isReached.test(watch)) {
                // Nothing tells a bystander: it has to look again and again.
                Thread.sleep(2);
            }
            apply.kill();
        }
    }

    private static String month(JsonNode move) {
        String partition = move.get("partition").asText();
        return partition.substring(partition.indexOf('=') + 1);
    }
}
