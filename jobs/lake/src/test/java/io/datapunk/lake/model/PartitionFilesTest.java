package io.datapunk.lake.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PartitionFilesTest {
    @Test
    void tierIsWhereAllLiveFilesLie() {
        assertThat(files("month=2026-01/a.parquet", "month=2026-01/b.parquet").tier())
                .isEqualTo(FileTier.WARM);
        assertThat(files("cold/month=2026-01/a.parquet").tier()).isEqualTo(FileTier.COLD);
        assertThat(files("cold/month=2026-01/a.parquet", "month=2026-01/b.parquet")
                        .tier())
                .isEqualTo(FileTier.MIXED);
        assertThat(files().tier()).isEqualTo(FileTier.WARM);
    }

    @Test
    void fileSetHashNamesTheSetWhateverItsOrder() {
        assertThat(files("a", "b").fileSetHash()).isEqualTo(files("b", "a").fileSetHash());
        assertThat(files("a", "b").fileSetHash())
                .isNotEqualTo(files("a").fileSetHash())
                .isNotEqualTo(files("ab").fileSetHash());
    }

    @Test
    void deletionVectorChangesTheFileSet() {
        assertThat(new PartitionFiles(partition(), 1, List.of(file("a", "vector-1"))).fileSetHash())
                .isNotEqualTo(files("a").fileSetHash())
                .isNotEqualTo(new PartitionFiles(partition(), 2, List.of(file("a", "vector-2"))).fileSetHash());
    }

    @Test
    void rowsAreUnknownAsSoonAsOneFileHasNoCount() {
        DataFile uncounted = new DataFile("b", 1, 0, DataFile.ROWS_UNKNOWN, Map.of(), "");

        assertThat(files("a").rows()).isEqualTo(10);
        assertThat(new PartitionFiles(partition(), 1, List.of(file("a", ""), uncounted)).rows())
                .isEqualTo(DataFile.ROWS_UNKNOWN);
    }

    private static PartitionFiles files(String... paths) {
        return new PartitionFiles(
                partition(), 1, Stream.of(paths).map(path -> file(path, "")).toList());
    }

    private static DataFile file(String path, String deletionVector) {
        return new DataFile(path, 100, 0, 10, Map.of(), deletionVector);
    }

    private static PartitionName partition() {
        return PartitionName.parse("user_data.activity/month=2026-01");
    }
}
