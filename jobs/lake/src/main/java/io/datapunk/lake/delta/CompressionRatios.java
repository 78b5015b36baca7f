package io.datapunk.lake.delta;

import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.DataFile;
import io.datapunk.lake.model.DatasetName;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.util.HadoopInputFile;

/** By how much codecs make files smaller, as the footers of some files tell. */
public final class CompressionRatios {
    private final LakeHome home;
    private final Configuration store;
    private final Map<String, long[]> bytes = new TreeMap<>();

    public CompressionRatios(LakeHome home, Configuration store) {
        this.home = home;
        this.store = store;
    }

    /**
     * Takes some files of a table into account.
     *
     * @param most how many footers are read; they lie evenly among the files
     */
    public void add(DatasetName dataset, List<DataFile> files, int most) throws IOException {
        int step = Math.max(1, files.size() / most);
        for (int i = 0; i < files.size(); i += step) {
            Path path = new Path(
                    new Path(home.tablePath(dataset) + "/"), files.get(i).path());
            try (ParquetFileReader reader = ParquetFileReader.open(HadoopInputFile.fromPath(path, store))) {
                for (BlockMetaData block : reader.getFooter().getBlocks()) {
                    for (ColumnChunkMetaData chunk : block.getColumns()) {
                        long[] sums = bytes.computeIfAbsent(
                                chunk.getCodec().name().toLowerCase(Locale.ROOT), codec -> new long[2]);
                        sums[0] += chunk.getTotalUncompressedSize();
                        sums[1] += chunk.getTotalSize();
                    }
                }
            }
        }
    }

    /** Bytes before for each byte after, by codec. */
    public Map<String, Double> ratios() {
        Map<String, Double> ratios = new TreeMap<>();
        bytes.forEach((codec, sums) -> ratios.put(codec, (double) sums[0] / Math.max(1, sums[1])));
        return ratios;
    }
}
