package io.datapunk.archive.create;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.container.Container;
import io.datapunk.lake.container.ContainerIndex;
import io.datapunk.lake.container.EntryRef;
import io.datapunk.lake.container.SafetyLimits;
import io.datapunk.lake.container.Staging;
import io.datapunk.lake.delta.LakePersons;
import io.datapunk.lake.encryption.KeyOwner;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.storage.Stores;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.SparkSession;

/**
 * Packs an original export, entry by entry with its original bytes. Killed at any moment, the next run removes what was
 * left and makes the package anew; the same export again makes none.
 */
public final class CreateExportPackageJob {
    private static final String SOURCE = "export";

    private final SparkSession spark;
    private final LakeConfig config;
    private final LakeHome home;

    public CreateExportPackageJob(SparkSession spark, LakeConfig config, LakeHome home) {
        this.spark = spark;
        this.config = config;
        this.home = home;
    }

    /**
     * @param parts of the export, all at once
     * @param user the name by which {@code lake.users} knows whose it is
     * @param category of compliance, lower-case letters, digits and dashes
     */
    public record Request(List<Path> parts, String user, String category, String reason, Instant now) {
        public Request {
            parts = List.copyOf(parts);
            if (!category.matches("[a-z0-9-]{1,64}")) {
                throw LakeException.usage(
                        "'" + category + "' is no compliance category",
                        "it has to be lower-case letters, digits and dashes",
                        "name one like gdpr");
            }
        }
    }

    /**
     * What was done.
     *
     * @param path the package's folder below the archive; an older one where it holds just this already
     * @param newlyMade false where an older package holds the same entries
     * @param newBytes of the entries that no package held before
     * @param storedBytes what these take now
     * @param unreadable paths of entries that could not be read, and why; they are not in the package
     */
    public record Report(
            String path,
            boolean newlyMade,
            String userId,
            long entries,
            long bytes,
            long newBytes,
            long storedBytes,
            Map<String, String> unreadable,
            List<String> warnings) {}

    /** @throws LakeException where the export cannot be opened, the keys cannot be had, or another run is under way */
    public Report run(Request request, Progress progress) {
        List<String> warnings = new ArrayList<>();
        Packaging.Packed packed = new Packaging(spark, config, home).run(request.now(), progress, staging -> {
            ContainerIndex index = Container.open(
                    request.parts(),
                    SafetyLimits.of(config.ingest()),
                    new Staging(staging, config.ingest().freeDiskMarginBytes()),
                    progress);
            warnings.addAll(index.warnings());
            String userId = new LakePersons(home, Stores.configuration(config)).surrogate(request.user());
            return material(request, index, KeyOwner.person(userId));
        });
        warnings.addAll(packed.warnings());
        return new Report(
                packed.folder().path(),
                packed.newlyMade(),
                packed.scan().entries().firstKey().person().orElseThrow(),
                packed.scan().count(),
                packed.scan().bytes(),
                packed.made().newBytes(),
                packed.made().storedBytes(),
                packed.scan().unreadable(),
                warnings);
    }

    private Packaging.Material material(Request request, ContainerIndex index, KeyOwner owner) {
        SafetyLimits limits = SafetyLimits.of(config.ingest());
        List<PackageMaker.Owned> sources = new ArrayList<>();
        Map<String, String> unreadable = new TreeMap<>();
        for (EntryRef entry : index.entries()) {
            ContainerEntry source = new ContainerEntry(entry, limits);
            if (entry.isReadable()) {
                sources.add(new PackageMaker.Owned(owner, source));
            } else {
                unreadable.put(source.path(), entry.reason());
            }
        }
        return new Packaging.Material(
                sources,
                unreadable,
                Packaging.Identity.NAMES_AND_BYTES,
                request.category(),
                SOURCE,
                config.archive().export(),
                request.reason(),
                Optional.empty(),
                folder -> {});
    }
}
