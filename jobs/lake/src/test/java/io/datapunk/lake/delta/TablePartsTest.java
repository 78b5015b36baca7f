package io.datapunk.lake.delta;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.TableParts.Part;
import io.datapunk.lake.model.DataFile;
import io.datapunk.lake.model.DatasetName;
import io.delta.kernel.internal.deletionvectors.Base85Codec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TablePartsTest {
    private static final DatasetName VISITS = DatasetName.parse("shop.visits");

    @TempDir
    private Path folder;

    @Test
    void aDeletionVectorIsFoundWhateverCharactersEncodeItsName() throws IOException {
        LakeHome home = new LakeHome(folder.toString(), folder);
        Path table = Files.createDirectories(folder.resolve("tables/shop/visits"));
        Random random = new Random(85);
        List<UUID> names = Stream.generate(() -> new UUID(random.nextLong(), random.nextLong()))
                .limit(100)
                .toList();
        assertThat(names).map(Base85Codec::encodeUUID).anyMatch(encoded -> encoded.contains("@"));

        for (UUID name : names) {
            String file = "deletion_vector_" + name + ".bin";
            Files.write(table.resolve(file), new byte[] {1, 2, 3});
            String encoded = Base85Codec.encodeUUID(name);
            for (String id : List.of("u" + encoded + "@1", "u" + encoded)) {
                assertThat(new TableParts(home, new Configuration()).deletionVector(VISITS, masked(id)))
                        .as(id)
                        .map(Part::path)
                        .contains(file);
            }
        }
    }

    @Test
    void aVectorThatStandsInTheLogIsNoFile() throws IOException {
        assertThat(new TableParts(new LakeHome(folder.toString(), folder), new Configuration())
                        .deletionVector(VISITS, masked("i0rr910")))
                .isEmpty();
    }

    private static DataFile masked(String deletionVector) {
        return new DataFile("part-0.parquet", 1, 1, DataFile.ROWS_UNKNOWN, Map.of(), deletionVector);
    }
}
