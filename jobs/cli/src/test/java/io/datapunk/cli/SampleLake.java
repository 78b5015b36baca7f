package io.datapunk.cli;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.testkit.SharedSpark;
import java.nio.file.Path;
import java.util.Map;

/** A lake with one small table, {@code user_data.activity}. */
final class SampleLake {
    private SampleLake() {}

    static LakeConfig make(Path home) {
        LakeConfig config = LakeConfig.load(null, Map.of(), Map.of("lake.home", home.toString()));
        LakeHome.open(config);
        SharedSpark.session(home)
                .sql("""
                        SELECT * FROM VALUES ('Search', 'lakes', '2026-01'), ('Search', 'punk', '2026-01'), ('Maps', 'Zürich', '2026-02')
                        AS t(product, title, month)
                        """)
                .coalesce(1)
                .write()
                .format("delta")
                .partitionBy("month")
                .save(home.resolve("tables/user_data/activity").toString());
        return config;
    }
}
