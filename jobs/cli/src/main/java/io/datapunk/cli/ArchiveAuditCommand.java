package io.datapunk.cli;

import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code lake archive audit}. */
@Command(
        name = "audit",
        description = "Tell how far the audit log is signed and copied; check it, prove what stands in it, publish it.",
        footer = {
            "",
            "A proof is JSON that a stranger can check: RFC 9162, section 2.1, for the hashes, C2SP tlog-checkpoint and",
            "signed-note for the signed head. Damage is listed by file, line and byte, and ends with exit code 3."
        })
final class ArchiveAuditCommand implements Job {
    @ArgGroup
    private Choice choice;

    /** One of them, or none. */
    static final class Choice {
        @Option(
                names = "--verify",
                description = "Read the log, its tree, its signed heads and all copies, and compare them.")
        private boolean verify;

        @Option(
                names = "--prove",
                paramLabel = "N|M..N",
                description = "Prove that entry N stands in the log, or that the log of N entries continues that of M.")
        private String prove;

        @Option(
                names = "--anchor",
                description = "Sign the log's head, and copy it and the log to lake.audit.locations.")
        private boolean anchor;

        @Option(names = "--publish", description = "Bring new entries into the table archive.audit_log.")
        private boolean publish;
    }

    @Override
    public Outcome run(Invocation invocation) {
        AuditRun run = new AuditRun(invocation);
        Choice chosen = Optional.ofNullable(choice).orElseGet(Choice::new);
        if (chosen.verify) {
            return run.verify();
        }
        if (chosen.prove != null) {
            return run.prove(chosen.prove);
        }
        if (chosen.anchor) {
            return run.anchor();
        }
        return chosen.publish ? run.publish() : run.summary();
    }
}
