package io.datapunk.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.datapunk.archive.audit.PublishAuditLogJob;
import io.datapunk.lake.audit.AuditDamage;
import io.datapunk.lake.audit.AuditReport;
import io.datapunk.lake.audit.AuditTrail;
import io.datapunk.lake.audit.AuditTrail.Anchored;
import io.datapunk.lake.audit.AuditTrail.SignedHead;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.spark.LakeSession;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Checks the audit log, proves what stands in it, and brings it where it has to be. */
final class AuditRun {
    private static final Pattern SIZES = Pattern.compile("(\\d{1,18})(?:\\.\\.(\\d{1,18}))?");

    /** The result of a check as {@code --json} prints it. */
    record Verified(
            long entries,
            String root,
            long signedEntries,
            long unfinishedBytes,
            int copies,
            List<AuditReport.Location> locations,
            List<AuditDamage> damages) {}

    /**
     * How far the log is signed and copied, as {@code --json} prints it.
     *
     * @param entries that the log has
     * @param head the newest signed one, null where there is none
     * @param copies places that hold what is signed, the log itself among them
     */
    record Summary(long entries, SignedHead head, int copies, List<AuditReport.Location> locations) {}

    /** Where a signed head was brought, as {@code --json} prints it. */
    record Brought(SignedHead head, int copies, List<String> locations) {}

    /** What the table has, as {@code --json} prints it. */
    record Published(long added, long entries) {}

    private final LakeConfig config;
    private final LakeHome home;
    private final AuditTrail trail;
    private final boolean dryRun;

    AuditRun(Invocation invocation) {
        this.config = invocation.config();
        this.home = LakeHome.openExisting(config);
        this.trail = AuditTrail.of(config, home);
        this.dryRun = invocation.dryRun();
    }

    Outcome summary() {
        AuditTrail.State state = trail.state();
        Summary summary = new Summary(state.entries(), state.head().orElse(null), state.copies(), state.locations());
        return new Outcome(
                summary, out -> print(summary, out), warnings(state.copies(), state.problems()), Optional.empty());
    }

    Outcome verify() {
        AuditReport report = trail.verify();
        Verified verified = new Verified(
                report.entries(),
                report.root(),
                report.signedEntries(),
                report.unfinishedBytes(),
                report.copies(),
                report.locations(),
                report.damages());
        return new Outcome(
                verified,
                out -> print(verified, out),
                warnings(report.copies(), report.problems()),
                report.damages().stream().findFirst().map(first -> damaged(report.damages(), first)));
    }

    private LakeException damaged(List<AuditDamage> damages, AuditDamage first) {
        return LakeException.gate(
                "the audit log is damaged in " + Amounts.of(damages.size(), "places"),
                first.toString(),
                AuditDamages.remedy(home, first));
    }

    /** @param what an entry's number, or two sizes as {@code 3..7} */
    Outcome prove(String what) {
        Matcher matcher = SIZES.matcher(what);
        if (!matcher.matches()) {
            throw LakeException.usage(
                    "'" + what + "' cannot be proven",
                    "it is neither an entry's number nor two sizes",
                    "give --prove 12 for an entry, or --prove 3..12 for two sizes");
        }
        long first = Long.parseLong(matcher.group(1));
        Object proof =
                matcher.group(2) == null ? trail.prove(first) : trail.prove(first, Long.parseLong(matcher.group(2)));
        return Outcome.of(proof, out -> out.println(json(proof)));
    }

    Outcome anchor() {
        if (dryRun) {
            return summary();
        }
        Anchored anchored = trail.anchor();
        Brought brought = new Brought(anchored.head().orElse(null), anchored.copies(), anchored.locations());
        return new Outcome(
                brought,
                out -> {
                    print(brought.head(), out);
                    brought.locations().forEach(location -> out.println("Copied to " + location + "."));
                },
                warnings(anchored.copies(), List.of()),
                anchored.problems().stream().findFirst());
    }

    Outcome publish() {
        PublishAuditLogJob.Published found = dryRun
                ? new PublishAuditLogJob.Published(0, 0)
                : new PublishAuditLogJob(config, home, LakeSession.open(config, home)).run();
        return Outcome.of(
                new Published(found.added(), found.entries()),
                out -> out.println("Added " + Amounts.of(found.added(), "entries") + " to archive.audit_log, which has "
                        + Amounts.count(found.entries()) + "."));
    }

    private List<String> warnings(int copies, List<String> problems) {
        List<String> warnings = new ArrayList<>(problems);
        AuditDamages.tooFew(copies, config).ifPresent(warnings::add);
        return warnings;
    }

    private static void print(Summary summary, PrintWriter out) {
        out.println("The audit log has " + Amounts.of(summary.entries(), "entries") + ".");
        print(summary.head(), out);
        print(summary.locations(), out);
    }

    private static void print(SignedHead head, PrintWriter out) {
        out.println(
                head == null
                        ? "No head of it is signed yet."
                        : "Signed are the first " + Amounts.count(head.entries()) + ", with the root " + head.root()
                                + ".");
    }

    private static void print(Verified verified, PrintWriter out) {
        out.println("The audit log has " + Amounts.of(verified.entries(), "intact entries") + "; signed are "
                + Amounts.count(verified.signedEntries()) + "; the root is " + verified.root() + ".");
        print(verified.locations(), out);
        if (!verified.damages().isEmpty()) {
            out.println();
            TextTable table = new TextTable(List.of("FILE", "LINE", "BYTE", "DAMAGE"), Set.of("LINE", "BYTE"));
            verified.damages()
                    .forEach(damage -> table.add(
                            damage.file(),
                            damage.line() == 0 ? "" : Long.toString(damage.line()),
                            Long.toString(damage.offset()),
                            damage.what()));
            table.print(out);
        }
    }

    private static void print(List<AuditReport.Location> locations, PrintWriter out) {
        if (locations.isEmpty()) {
            return;
        }
        out.println();
        TextTable table = new TextTable(
                List.of("LOCATION", "SIGNED HEADS", "NEWEST", "BYTES"), Set.of("SIGNED HEADS", "NEWEST", "BYTES"));
        locations.forEach(location -> table.add(
                location.name(),
                Integer.toString(location.signedHeads()),
                Long.toString(location.newestEntries()),
                Long.toString(location.bytes())));
        table.print(out);
    }

    private static String json(Object proof) {
        try {
            return JsonMapper.builder()
                    .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                    .build()
                    .writerWithDefaultPrettyPrinter()
                    .writeValueAsString(proof);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("numbers and texts are JSON", e);
        }
    }
}
