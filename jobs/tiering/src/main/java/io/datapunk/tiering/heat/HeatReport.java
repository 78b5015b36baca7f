package io.datapunk.tiering.heat;

import io.datapunk.tiering.policy.Observation;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a take-in did: {@code lines = accepted + rejected}.
 *
 * @param files spool files taken in
 * @param rejected lines that say nothing usable
 * @param rejectedFolder where those lines were kept; empty where there were none
 * @param partitions that have accesses in the summary
 * @param observation when accesses were recorded and taken in
 */
public record HeatReport(
        long files,
        long lines,
        long accepted,
        long rejected,
        Optional<Path> rejectedFolder,
        long partitions,
        Observation observation) {}
