package io.datapunk.cli;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.model.Progress;
import java.time.Instant;

/**
 * What every command is given.
 *
 * @param now the clock of this run, from {@code --now} or the machine
 * @param dryRun change nothing, say what would change
 */
record Invocation(LakeConfig config, Instant now, boolean dryRun, Progress progress) {}
