package io.datapunk.lake.delta;

import io.datapunk.lake.model.DataFile;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.Tier;
import java.util.List;
import org.apache.spark.sql.delta.actions.AddFile;

/** A partition's files written into another tier, which nothing refers to until the move is committed. */
public final class StagedMove {
    private final PartitionName partition;
    private final Tier target;
    private final List<AddFile> retired;
    private final List<AddFile> written;

    StagedMove(PartitionName partition, Tier target, List<AddFile> retired, List<AddFile> written) {
        this.partition = partition;
        this.target = target;
        this.retired = List.copyOf(retired);
        this.written = List.copyOf(written);
    }

    public PartitionName partition() {
        return partition;
    }

    public Tier target() {
        return target;
    }

    /** Size of the files that the move retires. */
    public long sourceBytes() {
        return retired.stream().mapToLong(AddFile::size).sum();
    }

    /** Size of the files that it wrote. */
    public long bytes() {
        return written.stream().mapToLong(AddFile::size).sum();
    }

    /** Paths of the files that it wrote, relative to the table's root. */
    public List<String> paths() {
        return written.stream().map(file -> TableLog.decoded(file.path())).toList();
    }

    /** The files that the commit removes. */
    List<AddFile> retired() {
        return retired;
    }

    /** The files that the commit adds. */
    List<AddFile> written() {
        return written;
    }

    /** Rows by statistics, {@link DataFile#ROWS_UNKNOWN} where a file has none. */
    public long rows() {
        long rows = 0;
        for (AddFile file : written) {
            if (file.numLogicalRecords().isEmpty()) {
                return DataFile.ROWS_UNKNOWN;
            }
            rows += (Long) file.numLogicalRecords().get();
        }
        return rows;
    }

    @Override
    public String toString() {
        return partition + " to " + target + ": " + retired.size() + " files, " + sourceBytes() + " bytes as "
                + written.size() + " files, " + bytes() + " bytes";
    }
}
