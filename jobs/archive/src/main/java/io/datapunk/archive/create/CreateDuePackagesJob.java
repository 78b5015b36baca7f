package io.datapunk.archive.create;

import io.datapunk.archive.bag.PackageFolder;
import io.datapunk.archive.bag.PackageStore;
import io.datapunk.archive.bag.PackagedRows;
import io.datapunk.archive.bag.StoredPackage;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.FileTags;
import io.datapunk.lake.delta.TableLog;
import io.datapunk.lake.delta.TableSnapshot;
import io.datapunk.lake.model.DataFile;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.PartitionFiles;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.PartitionValue;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.model.table.AuditLogTable;
import io.datapunk.lake.model.table.LakeTables;
import io.datapunk.lake.model.table.TableDefinition;
import io.datapunk.lake.storage.Stores;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;

/**
 * Packs every partition of {@code user_data}, {@code ops} and others' tables that was not written for as long as its
 * tiering's cold age says, and whose rows no package has; and each month of the audit log's table once it need not be
 * searchable any more. A move between tiers is no write.
 */
public final class CreateDuePackagesJob {
    private static final Set<String> SCHEMAS = Set.of("user_data", "ops");
    private static final DatasetName AUDIT_LOG = AuditLogTable.DEFINITION.name();

    private final SparkSession spark;
    private final LakeConfig config;
    private final LakeHome home;
    private final Configuration stores;

    public CreateDuePackagesJob(SparkSession spark, LakeConfig config, LakeHome home) {
        this.spark = spark;
        this.config = config;
        this.home = home;
        this.stores = Stores.configuration(config);
    }

    /**
     * @param due those that were read; an older package may have held just their rows
     * @param packaged how many were not read, because a package has been made since they were written
     * @param young how many were written too lately
     */
    public record Report(List<CreatePartitionPackageJob.Report> due, long packaged, long young) {}

    /**
     * @param reason why, in one line
     * @throws LakeException where one cannot be packed; those before it are
     */
    public Report run(String reason, Instant now, Progress progress) {
        Map<PartitionName, List<Known>> known = known();
        CreatePartitionPackageJob job = new CreatePartitionPackageJob(spark, config, home);
        List<CreatePartitionPackageJob.Report> made = new ArrayList<>();
        long packaged = 0;
        long young = 0;
        for (PartitionFiles files : partitions()) {
            Instant written = written(files);
            if (now.isBefore(written.plus(age(files.partition().dataset())))) {
                young++;
            } else if (known.getOrDefault(files.partition(), List.of()).stream()
                    .anyMatch(one -> one.holds(files, written))) {
                packaged++;
            } else {
                made.add(job.run(new CreatePartitionPackageJob.Request(files.partition(), reason, now), progress));
            }
        }
        return new Report(made, packaged, young);
    }

    private Duration age(DatasetName dataset) {
        return dataset.equals(AUDIT_LOG)
                ? config.audit().searchable()
                : config.tiering(dataset).cold().minimumAge();
    }

    /** A package of a partition. */
    record Known(long rows, Instant createdAt) {
        /** Rows that were removed since change the count, or leave a mask behind, so that nobody knows it. */
        boolean holds(PartitionFiles files, Instant written) {
            return files.rows() == rows && rows != DataFile.ROWS_UNKNOWN && written.isBefore(createdAt);
        }
    }

    private Map<PartitionName, List<Known>> known() {
        try {
            PackageStore store = PackageStore.of(config, home, stores);
            Map<PartitionName, List<Known>> known = new HashMap<>();
            for (PackageFolder folder : store.folders()) {
                Optional<StoredPackage> stored = StoredPackage.open(store, folder);
                if (stored.isPresent()) {
                    Optional<PackagedRows> rows = stored.get().rows();
                    rows.ifPresent(found -> known.computeIfAbsent(found.partition(), any -> new ArrayList<>())
                            .add(new Known(found.rows(), folder.createdAt())));
                }
            }
            return known;
        } catch (IOException e) {
            throw LakeException.failed(
                    "the archive cannot be read",
                    e.getClass().getSimpleName() + ": " + e.getMessage(),
                    "check that lake.archive.location is reachable, and run `lake archive verify`",
                    e);
        }
    }

    private List<PartitionFiles> partitions() {
        TableLog log = new TableLog(home, stores);
        Stream<DatasetName> own = LakeTables.all().stream()
                .map(TableDefinition::name)
                .filter(name -> SCHEMAS.contains(name.schema()) || name.equals(AUDIT_LOG));
        return Stream.concat(own, log.foreignTables().stream())
                .flatMap(dataset -> log.snapshot(dataset).stream())
                .map(TableSnapshot::partitions)
                .flatMap(List::stream)
                .filter(files -> files.partition()
                        .value()
                        .map(value -> !value.value().equals(PartitionValue.NO_VALUE))
                        .orElse(false))
                .toList();
    }

    private static Instant written(PartitionFiles files) {
        return files.files().stream()
                .map(FileTags::writtenAt)
                .max(Comparator.naturalOrder())
                .orElseThrow();
    }
}
