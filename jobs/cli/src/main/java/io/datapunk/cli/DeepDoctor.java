package io.datapunk.cli;

import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.manifest.Finding;
import io.datapunk.lake.manifest.Manifests;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.LakeException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code lake doctor --deep}: what {@link Doctor} looks at, and every byte of the rest. */
final class DeepDoctor {
    /**
     * Something that is not what was written, as {@code --json} prints it.
     *
     * @param repaired whether this run did so
     */
    record Found(
            String kind,
            String subject,
            String place,
            String found,
            String expected,
            String remedy,
            boolean repaired) {}

    /**
     * What a deep examination came to.
     *
     * @param examined what was read, part by part
     */
    record Examined(List<Doctor.Check> checks, List<String> examined, List<Found> findings) {}

    private static final List<DeepCheck> CHECKS = List.of(
            new TablesCheck(), new HotCopiesCheck(), new PackagesCheck(), new BackupsCheck(), new IndexesCheck());

    private final Invocation invocation;
    private final LakeHome home;

    DeepDoctor(Invocation invocation) {
        this.invocation = invocation;
        this.home = LakeHome.openExisting(invocation.config());
    }

    /** @param accept a table that is to be taken as it is */
    Outcome examine(boolean repair, Optional<String> accept) {
        accept.map(DatasetName::parse).ifPresent(this::accept);
        List<Doctor.Check> checks = new Doctor(invocation.config(), invocation.now()).checks();
        List<String> read = new ArrayList<>();
        List<Found> found = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        for (DeepCheck check : CHECKS) {
            try {
                DeepCheck.Result result = check.run(invocation);
                read.add(result.read());
                warnings.addAll(result.warnings());
                List<Finding> repaired = repair ? repair(check, result.findings(), checks) : List.of();
                result.findings().forEach(finding -> found.add(found(finding, repaired.contains(finding))));
            } catch (LakeException e) {
                // The other parts are read nevertheless: one that is out of reach must not hide what is damaged.
                checks.add(broken(e));
            }
        }
        return new Outcome(
                new Examined(checks, read, found),
                out -> print(out, checks, read, found),
                warnings,
                problem(checks, found));
    }

    private void accept(DatasetName dataset) {
        if (!invocation.dryRun()) {
            Manifests.of(invocation.config(), home).accept(dataset, invocation.now());
        }
    }

    /** Gives what was repaired; that it cannot be does not hide what was found either. */
    private List<Finding> repair(DeepCheck check, List<Finding> findings, List<Doctor.Check> checks) {
        List<Finding> repairable = findings.stream()
                .filter(finding -> finding.repair().isPresent())
                .toList();
        if (invocation.dryRun() || repairable.isEmpty()) {
            return List.of();
        }
        try {
            check.repair(repairable, invocation);
            return repairable;
        } catch (LakeException e) {
            checks.add(broken(e));
            return List.of();
        }
    }

    private static Doctor.Check broken(LakeException e) {
        return new Doctor.Check("deep", Doctor.Health.BROKEN, e.problem() + ": " + e.reason(), e.remedy());
    }

    private static Found found(Finding finding, boolean repaired) {
        return new Found(
                finding.kind().toString(),
                finding.subject(),
                finding.place(),
                finding.found(),
                finding.expected(),
                finding.remedy(),
                repaired);
    }

    private static void print(PrintWriter out, List<Doctor.Check> checks, List<String> read, List<Found> findings) {
        Doctor.table(checks).print(out);
        out.println();
        out.println("Read " + String.join(", ", read) + ".");
        findings.forEach(finding -> {
            out.println();
            out.println(
                    (finding.repaired() ? "Repaired: " : "Damaged: ") + finding.kind() + " of " + finding.subject());
            out.println("  place:    " + finding.place());
            out.println("  found:    " + finding.found());
            if (!finding.expected().isEmpty()) {
                out.println("  expected: " + finding.expected());
            }
            out.println("  remedy:   " + finding.remedy());
        });
    }

    private static Optional<LakeException> problem(List<Doctor.Check> checks, List<Found> findings) {
        List<Found> left =
                findings.stream().filter(finding -> !finding.repaired()).toList();
        if (left.isEmpty()) {
            return Doctor.problem(checks);
        }
        Found first = left.get(0);
        return Optional.of(LakeException.gate(
                left.size() + (left.size() == 1 ? " place is" : " places are") + " not what was written",
                first.subject() + ": " + first.place() + ": " + first.found(),
                left.size() == 1 ? first.remedy() : "follow the remedies that the listing names"));
    }
}
