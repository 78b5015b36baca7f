package io.datapunk.cli;

import io.datapunk.lake.audit.AuditTrail;
import io.datapunk.lake.audit.ConfigurationWatch;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.manifest.Manifests;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.postgres.PermissionWatch;
import io.datapunk.lake.postgres.ServerLogWatch;
import java.util.ArrayList;
import java.util.List;

/**
 * What is done when a command ends: the manifests of the tables are brought up to date, what others did that the audit log has
 * to tell is noticed, and what stands in it then is signed and brought to the other places.
 */
final class AuditSeal {
    private AuditSeal() {}

    /**
     * @param changedTables whether tables may have new commits
     * @return why something was not possible; the command's own work is done, and the next command tries again
     */
    static List<String> afterCommand(Invocation invocation, boolean changedTables) {
        LakeConfig config = invocation.config();
        LakeHome home = LakeHome.of(config);
        if (invocation.dryRun() || !home.isWritable()) {
            return List.of();
        }
        List<String> warnings = new ArrayList<>();
        if (changedTables) {
            try {
                warnings.addAll(Manifests.of(config, home).catchUp(invocation.now()));
            } catch (LakeException e) {
                warnings.add(e.getMessage());
            }
        }
        try {
            // Commands that only tell something do not wait for a server of the operator's.
            new ServerLogWatch(config, home).look(invocation.now(), changedTables);
            new PermissionWatch(config, home).look(invocation.now(), changedTables);
        } catch (LakeException e) {
            warnings.add(e.getMessage());
        }
        try {
            new ConfigurationWatch(config, home).look(invocation.now());
            AuditTrail trail = AuditTrail.of(config, home);
            if (trail.hasGrown()) {
                trail.anchor().problems().forEach(problem -> warnings.add(problem.getMessage()));
            }
        } catch (LakeException e) {
            warnings.add("the audit log was not signed: " + e.getMessage());
        }
        return warnings;
    }
}
