package io.datapunk.lake.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.model.table.ActivityTable;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HotLayoutTest {
    private static final long GIB = 1L << 30;

    @Test
    void aMonthIsCutIntoAPowerOfTwoOfTablesOfAtMostTheGivenSize() {
        HotLayout layout = new HotLayout(List.of(), GIB);
        assertThat(layout.tables(ActivityTable.DEFINITION, GIB)).isEqualTo(1);
        assertThat(layout.tables(ActivityTable.DEFINITION, GIB + 1)).isEqualTo(2);
        assertThat(layout.tables(ActivityTable.DEFINITION, 5 * GIB)).isEqualTo(8);
        assertThat(layout.tables(ActivityTable.DEFINITION, 10_000 * GIB)).isEqualTo(64);
    }

    @Test
    void zeroIsNever() {
        assertThat(HotLayout.PLAIN.tables(ActivityTable.DEFINITION, Long.MAX_VALUE))
                .isEqualTo(1);
    }

    @Test
    void aTableThatApplicationsWriteStaysWhole() {
        assertThat(layout("lake.tiering.hot.split-above", "1 GiB").splitAbove()).isEqualTo(GIB);
        assertThat(layout("lake.tiering.hot.split-above", "1 GiB", "lake.tiering.hot.writes", "true")
                        .splitAbove())
                .isZero();
    }

    private static HotLayout layout(String... settings) {
        Map<String, String> flags = settings.length == 2
                ? Map.of(settings[0], settings[1])
                : Map.of(settings[0], settings[1], settings[2], settings[3]);
        return HotLayout.of(LakeConfig.load(null, Map.of(), flags)
                .tiering(ActivityTable.DEFINITION.name())
                .hot());
    }
}
