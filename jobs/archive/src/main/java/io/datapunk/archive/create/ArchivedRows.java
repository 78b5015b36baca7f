package io.datapunk.archive.create;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.substring_index;

import io.datapunk.archive.bag.PackageFolder;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.DeltaAppend;
import io.datapunk.lake.delta.DeltaTables;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.PartitionValue;
import io.datapunk.lake.model.table.ArchiveRowsTable;
import io.datapunk.lake.model.table.EventColumns;
import io.datapunk.lake.model.table.ProvenanceColumns;
import io.delta.tables.DeltaTable;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * What {@code archive.rows} says. It is written before the package is one, so that no package lacks it; what a killed run has
 * left of a package that never was goes before its folder does.
 */
final class ArchivedRows {
    private static final String FILE = "archive__file";

    private final SparkSession spark;
    private final LakeHome home;

    ArchivedRows(SparkSession spark, LakeHome home) {
        this.spark = spark;
        this.home = home;
    }

    /**
     * @param written the rows, as they were written to be archived; nothing is added where they have no id
     * @param entries by the file that became one, as {@code <folder>/<name>}
     */
    void append(
            PackageFolder folder,
            PartitionName partition,
            Dataset<Row> written,
            Map<String, String> entries,
            Instant now) {
        Set<String> columns = Set.of(written.columns());
        if (!columns.contains(ProvenanceColumns.ID)) {
            return;
        }
        Dataset<Row> names = spark.createDataFrame(
                entries.entrySet().stream()
                        .map(entry -> RowFactory.create(entry.getKey(), entry.getValue()))
                        .toList(),
                new StructType(new StructField[] {
                    DataTypes.createStructField(FILE, DataTypes.StringType, false),
                    DataTypes.createStructField(ArchiveRowsTable.ENTRY, DataTypes.StringType, false)
                }));
        Dataset<Row> rows = written.select(
                        col(ProvenanceColumns.ID).cast("string").as(ArchiveRowsTable.ID),
                        optional(columns, ProvenanceColumns.USER_ID, "string"),
                        optional(columns, EventColumns.EVENT_TIME, "timestamp"),
                        // Owners' folders have files of one name.
                        substring_index(col("_metadata.file_path"), "/", -2).as(FILE))
                .join(broadcast(names), new String[] {FILE}, "left")
                .withColumn(ArchiveRowsTable.DATASET, lit(partition.dataset().toString()))
                .withColumn(
                        ArchiveRowsTable.PARTITION,
                        lit(partition.value().map(PartitionValue::toString).orElse("")))
                .withColumn(ArchiveRowsTable.PACKAGE_ID, lit(folder.id()))
                .withColumn(ArchiveRowsTable.COMPUTED_AT, lit(now));
        DeltaTables.ensure(spark, home, ArchiveRowsTable.DEFINITION);
        new DeltaAppend(spark, home)
                .append(ArchiveRowsTable.DEFINITION, rows, new DeltaAppend.Once("archive:" + folder.id(), 1));
    }

    private static Column optional(Set<String> columns, String name, String type) {
        return (columns.contains(name) ? col(name) : lit(null)).cast(type).as(name);
    }

    /** Removes what is said of packages that are none. */
    void forget(Collection<PackageFolder> unfinished) {
        List<String> ids = unfinished.stream().map(PackageFolder::id).toList();
        if (!ids.isEmpty()) {
            DeltaTables.ensure(spark, home, ArchiveRowsTable.DEFINITION);
            DeltaTable.forPath(spark, home.tablePath(ArchiveRowsTable.DEFINITION.name()))
                    .delete(col(ArchiveRowsTable.PACKAGE_ID).isin(ids.toArray()));
        }
    }
}
