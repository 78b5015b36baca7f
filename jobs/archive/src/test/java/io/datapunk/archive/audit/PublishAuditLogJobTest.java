package io.datapunk.archive.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.archive.audit.PublishAuditLogJob.Published;
import io.datapunk.lake.audit.AuditEvent;
import io.datapunk.lake.audit.AuditLog;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.DeltaSchemas;
import io.datapunk.lake.model.table.AuditLogTable;
import io.datapunk.testkit.SharedSpark;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PublishAuditLogJobTest {
    @TempDir
    private Path folder;

    private final SparkSession spark = SharedSpark.session();
    private LakeConfig config;
    private LakeHome home;

    @BeforeEach
    void open() {
        config = LakeConfig.load(null, Map.of(), Map.of("lake.home", folder.toString()));
        home = LakeHome.open(config);
    }

    @Test
    void aLogWithoutAnEntryMakesAnEmptyTable() {
        assertThat(new PublishAuditLogJob(config, home, spark).run()).isEqualTo(new Published(0, 0));
        assertThat(rows()).isEmpty();
    }

    @Test
    void entriesBecomeRowsAndEachBecomesOne() throws Exception {
        append("2026-01-31T23:59:59.123456Z", "s0");
        append("2026-02-01T00:00:00Z", "s1");
        append("2026-02-02T00:00:00Z", "s2");
        PublishAuditLogJob job = new PublishAuditLogJob(config, home, spark, 2);

        assertThat(job.run()).isEqualTo(new Published(3, 3));
        assertThat(job.run()).isEqualTo(new Published(0, 3));
        append("2026-02-03T00:00:00Z", "s3");
        assertThat(job.run()).isEqualTo(new Published(1, 4));

        List<Row> rows = rows();
        assertThat(rows).extracting(row -> row.getAs("subject")).containsExactly("s0", "s1", "s2", "s3");
        assertThat(rows)
                .extracting(row -> row.getAs("month"))
                .containsExactly("2026-01", "2026-02", "2026-02", "2026-02");
        Row first = rows.get(0);
        assertThat(first.<Long>getAs("sequence")).isZero();
        assertThat(first.<Object>getAs("at").toString()).contains("23:59:59.123456");
        assertThat(first.<String>getAs("actor")).isEqualTo("tiering");
        assertThat(first.<String>getAs("action")).isEqualTo("tiering.retire-files");
        assertThat(first.getJavaMap(first.fieldIndex("details"))).isEqualTo(Map.of("files", "2", "copy", "Zürich"));
        assertThat(Files.readAllLines(home.audit().resolve("log.ndjson")).get(0))
                .endsWith("\"hash\":\"" + first.<String>getAs("leaf_hash") + "\"}");
    }

    @Test
    void theTableIsTheOneOfTheContract() {
        new PublishAuditLogJob(config, home, spark).run();

        assertThat(spark.read()
                        .format("delta")
                        .load(home.tablePath(AuditLogTable.DEFINITION.name()))
                        .schema()
                        .catalogString())
                .isEqualTo(DeltaSchemas.structType(AuditLogTable.DEFINITION).catalogString());
    }

    private List<Row> rows() {
        return spark.read()
                .format("delta")
                .load(home.tablePath(AuditLogTable.DEFINITION.name()))
                .orderBy(AuditLogTable.SEQUENCE)
                .collectAsList();
    }

    private void append(String at, String subject) {
        AuditLog.of(config, home)
                .append(new AuditEvent(
                        Instant.parse(at),
                        "tiering",
                        "tiering.retire-files",
                        subject,
                        Map.of("files", "2", "copy", "Zürich")));
    }
}
