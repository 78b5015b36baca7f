package io.datapunk.tiering.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.tiering.sync.OutboxModel.Flaw;
import io.datapunk.tiering.sync.OutboxModel.Write;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every order of writes, commits, syncs, moves and kills of a small case: no write of an application is missed, applied
 * twice or overtaken, and what is served is what was written.
 */
class OutboxModelTest {
    /** The second writes a row before the third's transaction begins, and the same row as the third after it. */
    private static final List<List<Write>> OVERTAKING = List.of(
            List.of(new Write("c", 1)), List.of(new Write("b", 2), new Write("a", 2)), List.of(new Write("a", 3)));

    private static final List<List<Write>> CHANGES =
            List.of(List.of(new Write("a", 1), new Write("b", 1)), List.of(new Write("a", null)));

    @Test
    void noWriteIsLostDoubledOrOvertaken() {
        assertThat(search(OVERTAKING, 0, 2, Set.of()).violation()).isEmpty();
    }

    @Test
    void monthsLeaveAndComeBackBesideWriters() {
        assertThat(search(CHANGES, 2, 2, Set.of()).violation()).isEmpty();
    }

    /** The commit in Delta carries the batch's number all the same: a change feed must not show the batch twice. */
    @Test
    void aBatchThatIsMergedAgainChangesNothing() {
        assertThat(search(OVERTAKING, 0, 2, EnumSet.of(Flaw.MERGES_TWICE)).violation())
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "MERGES_TWICE")
    void whatOnlyLooksRightIsFound(Flaw flaw) {
        boolean isOfMoves = EnumSet.of(
                        Flaw.COMPARES_WITHOUT_LAST_SYNC,
                        Flaw.SERVES_BESIDE_WRITERS,
                        Flaw.SERVES_AN_EARLIER_LOAD,
                        Flaw.SYNCS_BETWEEN_LOAD_AND_SWAP)
                .contains(flaw);

        ModelChecker.Result found = search(isOfMoves ? CHANGES : OVERTAKING, isOfMoves ? 2 : 0, 1, EnumSet.of(flaw));

        assertThat(found.violation()).as("%s", flaw).isPresent();
    }

    /** Numbers of transactions are given at their first write, and not in the order in which they commit. */
    @Test
    void takingOnlyWhatIsOlderThanEveryRunningTransactionLetsAnOlderValueWin() {
        ModelChecker.Result found = search(OVERTAKING, 0, 0, EnumSet.of(Flaw.TAKES_BELOW_OLDEST_RUNNING));

        assertThat(found.violation())
                .hasValueSatisfying(wrong -> assertThat(wrong).contains("and Delta holds"));
        assertThat(found.trace()).contains("T2 writes a=2", "T3 writes a=3", "sync merges");
    }

    private static ModelChecker.Result search(List<List<Write>> programs, int moves, int crashes, Set<Flaw> flaws) {
        return ModelChecker.search(new OutboxModel(programs, moves, crashes, flaws));
    }
}
