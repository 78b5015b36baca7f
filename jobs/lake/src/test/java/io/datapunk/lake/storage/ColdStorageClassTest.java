package io.datapunk.lake.storage;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ColdStorageClassTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "tables/user_data/activity/cold/month=2026-01/a.parquet",
                "lakes/one/tables/user_data/activity/cold/a.parquet"
            })
    void filesBelowATablesColdFolderAreCold(String key) {
        assertThat(ColdStorageClass.isCold(key)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tables/user_data/activity/month=2026-01/a.parquet",
                "tables/user_data/activity/_delta_log/00000000000000000000.json",
                "tables/user_data/cold/a.parquet",
                "tables/user_data/activity/month=cold/cold/a.parquet",
                "cold/tables.parquet"
            })
    void othersAreNot(String key) {
        assertThat(ColdStorageClass.isCold(key)).isFalse();
    }
}
