package io.datapunk.cli;

import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.manifest.Finding;
import io.datapunk.lake.manifest.Repairs;
import java.util.List;

/** One part of what {@code lake doctor --deep} reads. */
interface DeepCheck {
    /**
     * What a part came to.
     *
     * @param read what was read, for a person
     * @param warnings what could not be compared, and why
     */
    record Result(String read, List<Finding> findings, List<String> warnings) {}

    /** @throws io.datapunk.lake.model.LakeException where nothing could be compared */
    Result run(Invocation invocation);

    /**
     * Repairs what was found, as far as that loses nothing.
     *
     * @param findings that have a repair
     */
    default void repair(List<Finding> findings, Invocation invocation) {
        Repairs repairs = new Repairs(invocation.config(), LakeHome.of(invocation.config()));
        findings.forEach(finding -> repairs.carryOut(finding, invocation.now()));
    }
}
