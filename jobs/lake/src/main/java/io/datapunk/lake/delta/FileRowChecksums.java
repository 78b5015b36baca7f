package io.datapunk.lake.delta;

import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.RowChecksum;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.Snapshot;
import org.apache.spark.sql.delta.actions.AddFile;
import org.apache.spark.sql.functions;
import scala.Option;

/** Checksums of the live rows of single files, which add up to their table's. */
public final class FileRowChecksums {
    private static final String FILE = "lake__file";

    private FileRowChecksums() {}

    /**
     * Reads some files of a table at one version.
     *
     * @param paths relative to the table's root, decoded
     * @return by path; a file without live rows has {@link RowChecksum#ZERO}
     * @throws io.datapunk.lake.model.LakeException for a type that has no canonical form
     */
    public static Map<String, RowChecksum> of(
            SparkSession spark, LakeHome home, DatasetName dataset, long version, Set<String> paths) {
        return InternalJobs.call(spark, () -> {
            DeltaLog log = DeltaLog.forTable(spark, home.tablePath(dataset));
            Snapshot snapshot = log.getSnapshotAt(version, Option.empty(), Option.empty(), false);
            List<AddFile> files = snapshot.allFiles().collectAsList().stream()
                    .filter(file -> paths.contains(TableLog.decoded(file.path())))
                    .toList();
            Dataset<Row> rows = RowRewriter.read(log, snapshot, files);
            Map<String, RowChecksum> byUri =
                    DeltaChecksum.byMark(rows.withColumn(FILE, functions.input_file_name()), FILE);
            String root = log.dataPath().toUri().getPath() + "/";
            Map<String, RowChecksum> sums = new TreeMap<>();
            paths.forEach(path -> sums.put(path, RowChecksum.ZERO));
            byUri.forEach((uri, sum) -> sums.put(URI.create(uri).getPath().substring(root.length()), sum));
            return sums;
        });
    }
}
