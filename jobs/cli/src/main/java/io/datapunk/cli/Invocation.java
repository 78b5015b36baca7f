package io.datapunk.cli;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.model.Progress;
import java.time.Instant;

/**
 * What every command is given.
 *
 * @param now the clock of this run, from {@code --now} or the machine
 * @param json the result is wanted as data, not as text
 * @param dryRun change nothing, say what would change
 */
record Invocation(LakeConfig config, Instant now, boolean json, boolean dryRun, Progress progress) {}
