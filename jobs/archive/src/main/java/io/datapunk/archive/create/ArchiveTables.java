package io.datapunk.archive.create;

import io.datapunk.archive.bag.PackageFolder;
import io.datapunk.archive.bag.PackageRecords;
import io.datapunk.archive.bag.PackageStore;
import io.datapunk.archive.bag.StoredPackage;
import io.datapunk.archive.content.StoredEntry;
import io.datapunk.archive.retention.ExpiryPlanner;
import io.datapunk.archive.retention.RetentionRules;
import io.datapunk.lake.audit.AuditEvent;
import io.datapunk.lake.audit.AuditLog;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.config.RetentionConfig.RetentionClass;
import io.datapunk.lake.delta.DeltaAppend;
import io.datapunk.lake.delta.DeltaSchemas;
import io.datapunk.lake.delta.DeltaTables;
import io.datapunk.lake.encryption.KeyOwner;
import io.datapunk.lake.encryption.SegmentKeys;
import io.datapunk.lake.model.table.ArchiveContentsTable;
import io.datapunk.lake.model.table.ArchivePackagesTable;
import io.datapunk.lake.model.table.ArchiveReasonsTable;
import io.datapunk.lake.model.table.TableDefinition;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;

/** What SQL can ask of the archive. All of it stands in the packages; the tables are made from them. */
final class ArchiveTables {
    private static final List<TableDefinition> TABLES =
            List.of(ArchiveContentsTable.DEFINITION, ArchiveReasonsTable.DEFINITION, ArchivePackagesTable.DEFINITION);

    private final SparkSession spark;
    private final LakeHome home;
    private final AuditLog audit;

    private final RetentionRules retention;

    ArchiveTables(SparkSession spark, LakeHome home, AuditLog audit, RetentionRules retention) {
        this.spark = spark;
        this.home = home;
        this.audit = audit;
        this.retention = retention;
    }

    /**
     * Adds the packages that the tables lack, and first to the audit log: a new one, and those of runs that were killed
     * before they came to it.
     */
    void update(PackageStore store, SegmentKeys keys, Instant now) throws IOException {
        TABLES.forEach(table -> DeltaTables.ensure(spark, home, table));
        Set<String> known = spark
                .read()
                .format("delta")
                .load(home.tablePath(ArchivePackagesTable.DEFINITION.name()))
                .select(ArchivePackagesTable.PACKAGE_ID)
                .collectAsList()
                .stream()
                .map(row -> row.getString(0))
                .collect(Collectors.toSet());
        for (PackageFolder folder : store.folders()) {
            Optional<StoredPackage> stored =
                    known.contains(folder.id()) ? Optional.empty() : StoredPackage.open(store, folder);
            if (stored.isPresent()) {
                add(stored.get(), keys, now);
            }
        }
    }

    /** The package's own row last: it says that the others are there. */
    private void add(StoredPackage stored, SegmentKeys keys, Instant now) throws IOException {
        PackageFolder folder = stored.folder();
        List<Row> contents = new ArrayList<>();
        long bytes = 0;
        for (KeyOwner owner : stored.owners()) {
            if (keys.isErased(owner)) {
                continue;
            }
            for (StoredEntry entry : stored.entries(owner, keys)) {
                contents.add(RowFactory.create(
                        folder.id(), owner.person().orElse(null), entry.path(), entry.bytes(), entry.sha256(), now));
                bytes += entry.bytes();
            }
        }
        audit.append(new AuditEvent(
                now,
                Packaging.JOB,
                PackageRecords.CREATE,
                folder.path(),
                Map.of(
                        "owners",
                        stored.owners().stream().map(KeyOwner::name).collect(Collectors.joining(" ")),
                        "entries",
                        Integer.toString(contents.size()),
                        "bytes",
                        Long.toString(bytes),
                        PackageRecords.SHA256,
                        stored.sha256())));
        append(ArchiveContentsTable.DEFINITION, contents, folder);
        append(ArchiveReasonsTable.DEFINITION, List.of(RowFactory.create(folder.id(), stored.reason(), now)), folder);
        Optional<RetentionClass> assigned = retention.classOf(stored.facts(Set.of()));
        append(
                ArchivePackagesTable.DEFINITION,
                List.of(RowFactory.create(
                        folder.id(),
                        folder.path(),
                        folder.category(),
                        folder.source(),
                        folder.createdAt(),
                        (long) contents.size(),
                        bytes,
                        stored.storedBytes(),
                        stored.sha256(),
                        assigned.map(RetentionClass::name).orElse(null),
                        assigned.flatMap(found -> ExpiryPlanner.dueAt(found, Optional.of(folder.createdAt())))
                                .orElse(null),
                        now)),
                folder);
    }

    private void append(TableDefinition table, List<Row> rows, PackageFolder folder) {
        new DeltaAppend(spark, home)
                .append(
                        table,
                        spark.createDataFrame(rows, DeltaSchemas.structType(table)),
                        new DeltaAppend.Once("archive:" + folder.id(), 1));
    }
}
