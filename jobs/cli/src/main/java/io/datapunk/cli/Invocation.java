package io.datapunk.cli;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.Progress;
import java.time.Instant;

/**
 * What every command is given.
 *
 * @param now the clock of this run, from {@code --now} or the machine
 * @param json the result is wanted as data, not as text
 * @param dryRun change nothing, say what would change
 */
record Invocation(
        LakeConfig config, Instant now, boolean json, boolean dryRun, Progress progress, StandardInput stdin) {
    /**
     * For a command that cannot say what would change.
     *
     * @throws LakeException (usage) where a dry run was asked for
     */
    void refuseDryRun(String what, String why, String remedy) {
        if (dryRun) {
            throw LakeException.usage(what + " has no dry run", why, remedy);
        }
    }

    /** The same, for a command whose stages somebody else watches too. */
    Invocation withProgress(Progress other) {
        return new Invocation(config, now, json, dryRun, other, stdin);
    }
}
