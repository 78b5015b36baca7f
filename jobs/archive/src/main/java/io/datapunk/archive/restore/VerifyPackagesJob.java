package io.datapunk.archive.restore;

import io.datapunk.archive.bag.Damage;
import io.datapunk.archive.bag.PackageCheck;
import io.datapunk.archive.bag.PackageCopies;
import io.datapunk.archive.bag.PackageFolder;
import io.datapunk.archive.bag.PackageRecords;
import io.datapunk.lake.audit.AuditTrail;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.encryption.SegmentKeys;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.Progress;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads packages whole: their files against their manifests, and what is encrypted against what was archived. */
public final class VerifyPackagesJob {
    private final LakeConfig config;
    private final LakeHome home;

    public VerifyPackagesJob(LakeConfig config, LakeHome home) {
        this.config = config;
        this.home = home;
    }

    /**
     * @param packages that were read
     * @param warnings what is less safe than it is to be, without a damage
     */
    public record Report(List<PackageFolder> packages, List<Damage> damages, List<String> warnings) {}

    /**
     * @param name of one package; empty: all
     * @param filesOnly without keys, as a stranger can: only the files against their manifests
     * @throws LakeException where there is no such package, or the keys or the store cannot be had
     */
    public Report run(Optional<String> name, boolean filesOnly, Instant now, Progress progress) {
        try {
            Archive archive = new Archive(config, home);
            PackageRecords records = PackageRecords.read(AuditTrail.of(config, home));
            Set<PackageFolder> expected = new LinkedHashSet<>(
                    name.isPresent() ? List.of(archive.find(name.get()).folder()) : archive.packages());
            if (name.isEmpty()) {
                expected.addAll(records.folders());
            }
            List<PackageFolder> packages = List.copyOf(expected);
            Optional<SegmentKeys> keys = filesOnly || packages.isEmpty()
                    ? Optional.empty()
                    : Optional.of(archive.keys(name.orElse("all packages"), "verify", packages.size(), now));
            List<String> writable = new ArrayList<>();
            List<Damage> damages = new ArrayList<>(records.compare(archive.store(), packages));
            try (Progress.Stage stage = progress.begin("verifying packages", packages.size(), "packages")) {
                for (PackageFolder folder : packages) {
                    if (!archive.store().isComplete(folder)) {
                        continue;
                    }
                    writable.addAll(archive.store().unprotected(folder));
                    PackageCheck check = new PackageCheck(archive.store(), folder);
                    List<Damage> found = check.files();
                    damages.addAll(found);
                    // Also of a damaged pack: within it only the cipher tells where.
                    if (keys.isPresent() && found.stream().allMatch(Damage::isInPack)) {
                        damages.addAll(check.contents(keys.get()));
                    }
                    stage.advance(1);
                }
            }
            List<String> warnings = new ArrayList<>(warnings(writable));
            warnings.addAll(copies(archive, packages, damages));
            return new Report(packages, damages, warnings);
        } catch (IOException e) {
            throw LakeException.failed(
                    "the archive cannot be read",
                    e.getClass().getSimpleName() + ": " + e.getMessage(),
                    "check that lake.archive.location is reachable",
                    e);
        }
    }

    private static List<String> warnings(List<String> writable) {
        return writable.isEmpty()
                ? List.of()
                : List.of(writable.size() + " files and folders of packages can be written, " + writable.get(0)
                        + " among them: the next `lake archive create` makes them read-only");
    }

    /** Reads the copies against their manifests, and counts those that are whole. */
    private List<String> copies(Archive archive, List<PackageFolder> packages, List<Damage> damages)
            throws IOException {
        PackageCopies copies = archive.copies();
        Set<PackageFolder> damaged = damages.stream().map(Damage::folder).collect(Collectors.toSet());
        Map<PackageFolder, Integer> counted = new HashMap<>();
        for (PackageFolder folder : packages) {
            int whole = damaged.contains(folder) ? 0 : 1;
            for (PackageCopies.Place place : copies.places()) {
                if (place.store().isComplete(folder)) {
                    List<Damage> found = new PackageCheck(place.store(), folder).files();
                    found.forEach(damage -> damages.add(new Damage(
                            folder,
                            damage.file(),
                            damage.offset(),
                            "in the copy at " + place.location() + ": " + damage.what())));
                    whole += found.isEmpty() ? 1 : 0;
                }
            }
            counted.put(folder, whole);
        }
        List<String> warnings = new ArrayList<>(copies.problems());
        PackageCopies.tooFew(counted, config.archive()).ifPresent(warnings::add);
        return warnings;
    }
}
