package io.datapunk.promises;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.DeltaChecksum;
import io.datapunk.lake.delta.KernelReader;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.testkit.SharedSpark;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Promise 2: a dataset is one Delta table, and any Delta reader sees each row once, also after its partitions moved. */
class OneTableEveryReaderTest {
    @ParameterizedTest
    @ValueSource(strings = {"user_data.activity", "user_data.messages", "user_data.locations", "user_data.media"})
    void deltaKernelReadsTheSameRowsAsSpark(String name) {
        DatasetName dataset = DatasetName.parse(name);
        LakeHome home = LakeHome.of(LakeConfig.load(
                null, Map.of(), Map.of("lake.home", DemoLake.home().toString())));

        assertThat(new KernelReader(home).checksum(dataset))
                .isEqualTo(DeltaChecksum.of(
                        SharedSpark.session().read().format("delta").load(home.tablePath(dataset))));
    }
}
