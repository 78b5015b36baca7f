package io.datapunk.cli;

import io.datapunk.lake.audit.AuditDamage;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import java.util.Optional;

/** What to do about what is wrong with the audit log. */
final class AuditDamages {
    private AuditDamages() {}

    static String remedy(LakeHome home, AuditDamage damage) {
        return damage.file().startsWith("tile/")
                ? "where the tree alone is damaged, remove " + home.audit().resolve("tile")
                        + ": `lake archive audit --anchor` makes it again from the log"
                : "keep " + home.audit() + " for an inquiry and restore it from one of lake.audit.locations, where the"
                        + " files of audit/log, one after another, are log.ndjson";
    }

    /** What is wrong with the number of copies. */
    static Optional<String> tooFew(int copies, LakeConfig config) {
        int wanted = config.audit().copies();
        int named = 1 + config.audit().locations().size();
        if (copies >= wanted) {
            return Optional.empty();
        }
        return Optional.of("the audit log has " + copies + " of " + wanted + " copies: "
                + (named < wanted
                        ? "name " + (wanted - named) + " more places out of the lake's reach in lake.audit.locations"
                        : "run `lake archive audit --anchor`, which copies what is missing"));
    }
}
