package io.datapunk.tiering.heat;

import io.datapunk.tiering.policy.Observation;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a take-in did: {@code lines = accepted + future + rejected + leftOut}.
 *
 * @param files spool files, access logs, imports and counters taken in
 * @param future lines whose time has not come; those of the spool wait for it and are read again then
 * @param rejected lines that say nothing usable
 * @param leftOut rows of imports and lines of access logs that do not count; they stay where they are
 * @param rejectedFolder where those lines were kept; empty where there were none
 * @param expiredDays days of the access log and its roll-up that were removed for their age
 * @param observation when accesses were recorded and taken in
 * @param warnings about inputs that could not be taken in, or not whole
 */
public record HeatReport(
        long files,
        long lines,
        long accepted,
        long future,
        long rejected,
        long leftOut,
        Optional<Path> rejectedFolder,
        int expiredDays,
        Observation observation,
        List<String> warnings) {}
