package io.datapunk.archive.create;

import static org.apache.spark.sql.functions.col;

import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.DeltaTables;
import io.datapunk.lake.model.table.ArchiveContentsTable;
import io.datapunk.lake.model.table.ArchivePackagesTable;
import io.datapunk.lake.model.table.ArchiveReasonsTable;
import io.datapunk.lake.model.table.ArchiveRowsTable;
import io.datapunk.lake.model.table.TableDefinition;
import io.delta.tables.DeltaTable;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.SparkSession;

/** What SQL finds of packages. */
public final class PackageTables {
    static final List<TableDefinition> ALL = List.of(
            ArchiveRowsTable.DEFINITION,
            ArchiveContentsTable.DEFINITION,
            ArchiveReasonsTable.DEFINITION,
            ArchivePackagesTable.DEFINITION);

    private PackageTables() {}

    /** Removes what they have of packages that are gone. */
    public static void forget(SparkSession spark, LakeHome home, Set<String> packageIds) {
        if (packageIds.isEmpty()) {
            return;
        }
        for (TableDefinition table : ALL) {
            DeltaTables.ensure(spark, home, table);
            DeltaTable.forPath(spark, home.tablePath(table.name()))
                    .delete(col(ArchivePackagesTable.PACKAGE_ID).isin(packageIds.toArray()));
        }
    }
}
