package io.datapunk.archive.restore;

import io.datapunk.archive.bag.Damage;
import io.datapunk.archive.bag.PackageCheck;
import io.datapunk.archive.bag.PackageFolder;
import io.datapunk.archive.bag.PackageRecords;
import io.datapunk.lake.audit.AuditTrail;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.encryption.SegmentKeys;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.Progress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads packages whole: their files against their manifests, and what is encrypted against what was archived. */
public final class VerifyPackagesJob {
    private final LakeConfig config;
    private final LakeHome home;

    public VerifyPackagesJob(LakeConfig config, LakeHome home) {
        this.config = config;
        this.home = home;
    }

    /** @param packages that were read */
    public record Report(List<PackageFolder> packages, List<Damage> damages) {}

    /**
     * @param name of one package; empty: all
     * @param filesOnly without keys, as a stranger can: only the files against their manifests
     * @throws LakeException where there is no such package, or the keys or the store cannot be had
     */
    public Report run(Optional<String> name, boolean filesOnly, Progress progress) {
        try {
            Archive archive = new Archive(config, home);
            PackageRecords records = PackageRecords.read(AuditTrail.of(config, home));
            Set<PackageFolder> expected = new LinkedHashSet<>(
                    name.isPresent() ? List.of(archive.find(name.get()).folder()) : archive.packages());
            if (name.isEmpty()) {
                expected.addAll(records.folders());
            }
            List<PackageFolder> packages = List.copyOf(expected);
            Optional<SegmentKeys> keys =
                    filesOnly || packages.isEmpty() ? Optional.empty() : Optional.of(archive.keys());
            List<Damage> damages = new ArrayList<>(records.compare(archive.store(), packages));
            try (Progress.Stage stage = progress.begin("verifying packages", packages.size(), "packages")) {
                for (PackageFolder folder : packages) {
                    if (!archive.store().isComplete(folder)) {
                        continue;
                    }
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
            return new Report(packages, damages);
        } catch (IOException e) {
            throw LakeException.failed(
                    "the archive cannot be read",
                    e.getClass().getSimpleName() + ": " + e.getMessage(),
                    "check that lake.archive.location is reachable",
                    e);
        }
    }
}
