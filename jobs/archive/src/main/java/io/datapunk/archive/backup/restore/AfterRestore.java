package io.datapunk.archive.backup.restore;

import io.datapunk.archive.backup.point.RestorePoint;
import io.datapunk.lake.config.LakeHome;

/**
 * What is done with a lake that was just restored, before anybody may open it: what was erased since the restore point was
 * made is erased again.
 */
@FunctionalInterface
public interface AfterRestore {
    /** Does nothing. */
    AfterRestore NOTHING = (restored, point) -> {};

    /** Killed in it, a restore that is run again comes here again. */
    void replay(LakeHome restored, RestorePoint point);
}
