package io.datapunk.cli;

import io.datapunk.lake.audit.AuditTrail;
import io.datapunk.lake.audit.ConfigurationWatch;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.LakeException;
import java.util.List;

/** Signs what a command has added to the audit log when the command ends, and brings it to the other places. */
final class AuditSeal {
    private AuditSeal() {}

    /** @return why that was not possible; the command's own work is done, and the next command tries again */
    static List<String> afterCommand(Invocation invocation) {
        LakeConfig config = invocation.config();
        LakeHome home = LakeHome.of(config);
        if (invocation.dryRun() || !home.isWritable()) {
            return List.of();
        }
        try {
            new ConfigurationWatch(config, home).look(invocation.now());
            AuditTrail trail = AuditTrail.of(config, home);
            return trail.hasGrown()
                    ? trail.anchor().problems().stream()
                            .map(LakeException::getMessage)
                            .toList()
                    : List.of();
        } catch (LakeException e) {
            return List.of("the audit log was not signed: " + e.getMessage());
        }
    }
}
