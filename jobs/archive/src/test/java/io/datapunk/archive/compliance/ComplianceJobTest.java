package io.datapunk.archive.compliance;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.archive.compliance.ComplianceReport.Entry;
import io.datapunk.lake.audit.AuditEvent;
import io.datapunk.lake.audit.AuditLog;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.DeltaAppend;
import io.datapunk.lake.delta.DeltaSchemas;
import io.datapunk.lake.delta.DeltaTables;
import io.datapunk.lake.delta.TableLog;
import io.datapunk.lake.hold.Hold;
import io.datapunk.lake.hold.HoldStore;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.model.table.AccessHoursTable;
import io.datapunk.lake.model.table.ComplianceTable;
import io.datapunk.lake.model.table.StorageTables;
import io.datapunk.lake.model.table.TableDefinition;
import io.datapunk.testkit.SharedSpark;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComplianceJobTest {
    private static final Instant NOW = Instant.parse("2026-11-22T00:00:00Z");
    private static final Duration WEEK = Duration.ofDays(7);

    private final SparkSession spark = SharedSpark.session();

    @TempDir
    Path folder;

    private LakeConfig config;
    private LakeHome home;

    @BeforeEach
    void aLake() {
        config = LakeConfig.load(
                null, Map.of(), Map.of("lake.home", folder.resolve("home").toString()));
        home = LakeHome.open(config);
    }

    @Test
    void accessesStandBesideThoseOfTheWeekBefore() {
        append(
                AccessHoursTable.DEFINITION,
                accesses("2026-11-20T10:00:00Z", "user_data.activity/month=2026-01", 5),
                accesses("2026-11-21T10:00:00Z", "user_data.activity/month=2026-02", 2),
                accesses("2026-11-10T10:00:00Z", "user_data.activity/month=2026-01", 3),
                accesses("2026-11-10T10:00:00Z", "user_data.messages/month=2026-01", 4),
                accesses("2026-10-01T10:00:00Z", "user_data.activity/month=2026-01", 99));

        assertThat(section(Section.ACCESS))
                .containsExactly(
                        "user_data.activity accesses 7.0",
                        "user_data.activity accesses_in_the_time_before 3.0",
                        "user_data.messages accesses 0.0",
                        "user_data.messages accesses_in_the_time_before 4.0");
    }

    @Test
    void refusalsAreFindingsAndChangesAreTold() {
        audit("2026-11-20T10:00:00Z", "postgres.denied");
        audit("2026-11-20T11:00:00Z", "postgres.denied");
        audit("2026-11-20T12:00:00Z", "permissions.change");
        audit("2026-11-01T12:00:00Z", "postgres.login-failed");

        assertThat(section(Section.VIOLATIONS))
                .as("of this week")
                .containsExactly("permissions.change events 1.0", "postgres.denied events 2.0 !");
    }

    @Test
    void whoeverWasForgottenIsCountedAndWhoeverIsNotYetIsAFinding() {
        audit("2026-11-20T10:00:00Z", "erasure.begin");
        audit("2026-11-20T10:01:00Z", "erasure.remove-files");
        audit("2026-11-20T10:02:00Z", "erasure.end");
        audit("2026-11-21T10:00:00Z", "erasure.begin");
        audit("2026-11-21T11:00:00Z", "tiering.remove-files");

        assertThat(section(Section.ERASURES))
                .containsExactly(
                        "begun and not ended persons 1.0 !",
                        "erasure.begin events 2.0",
                        "erasure.end persons 1.0",
                        "erasure.remove-files events 1.0",
                        "tiering.remove-files events 1.0");
    }

    @Test
    void holdsAreToldWithTheirAge() {
        new HoldStore(home)
                .place(new Hold(
                        "0a1b2c3d",
                        Optional.of("u1"),
                        Optional.of(DatasetName.parse("user_data.messages")),
                        Optional.empty(),
                        Optional.empty(),
                        "case 7",
                        Instant.parse("2026-11-12T00:00:00Z")));

        assertThat(report(true).entries())
                .filteredOn(entry -> entry.section() == Section.HOLDS)
                .containsExactly(new Entry(
                        Section.HOLDS,
                        "0a1b2c3d",
                        "days",
                        OptionalDouble.of(10),
                        "user u1, user_data.messages",
                        false));
    }

    @Test
    void whatWasMeasuredLastIsTold() {
        append(
                StorageTables.MEASURED,
                reading("tier", "WARM", "bytes", 10, "2026-11-20T00:00:00Z"),
                reading("tier", "WARM", "bytes", 20, "2026-11-21T00:00:00Z"),
                reading("postgres", "database", "cache_hit_ratio", 0.97, "2026-11-21T00:00:00Z"),
                reading("dataset", "user_data.activity", "bytes", 15, "2026-11-21T00:00:00Z"));

        assertThat(section(Section.RESOURCES)).containsExactly("tier WARM bytes 20.0");
        assertThat(section(Section.PERFORMANCE)).containsExactly("postgres database cache_hit_ratio 0.97");
    }

    @Test
    void noBackupAndNoDrillAreFindings() {
        assertThat(report(true).entries())
                .filteredOn(entry -> entry.section() == Section.BACKUPS)
                .extracting(entry -> entry.subject() + ": " + entry.detail() + " " + entry.isFinding())
                .containsExactly(home.backupPath() + ": there is none true", "restore drill: none was held yet true");
    }

    @Test
    void theReportIsKeptUnlessItWasADryRun() {
        audit("2026-11-20T10:00:00Z", "postgres.denied");

        report(true);
        assertThat(new TableLog(home).snapshot(ComplianceTable.DEFINITION.name()))
                .isEmpty();
        report(false);

        assertThat(spark.read()
                        .format("delta")
                        .load(home.tablePath(ComplianceTable.DEFINITION.name()))
                        .where("is_finding AND section = 'violations'")
                        .selectExpr("string(since)", "subject", "value", "month")
                        .collectAsList())
                .containsExactly(RowFactory.create("2026-11-15 00:00:00", "postgres.denied", 1.0, "2026-11"));
    }

    private ComplianceReport report(boolean dryRun) {
        ComplianceReport report = new ComplianceJob(spark, config, home).run(WEEK, NOW, dryRun, Progress.NONE);
        assertThat(report.problems()).isEmpty();
        return report;
    }

    /** Each entry as its subject, measure and value, with a mark where it is a finding. */
    private List<String> section(Section section) {
        return report(true).entries().stream()
                .filter(entry -> entry.section() == section)
                .map(entry -> entry.subject() + " " + entry.measure() + " "
                        + entry.value().getAsDouble() + (entry.isFinding() ? " !" : ""))
                .sorted()
                .toList();
    }

    private void audit(String at, String action) {
        AuditLog.of(config, home).append(new AuditEvent(Instant.parse(at), "test", action, "subject", Map.of()));
    }

    private static Row accesses(String hour, String partition, long count) {
        return RowFactory.create(Instant.parse(hour), partition, count, hour.substring(0, 10));
    }

    private static Row reading(String subject, String name, String metric, double value, String at) {
        return RowFactory.create(subject, name, metric, value, Instant.parse(at), Map.of(), at.substring(0, 7));
    }

    private void append(TableDefinition definition, Row... rows) {
        DeltaTables.ensure(spark, home, definition);
        new DeltaAppend(spark, home)
                .append(definition, spark.createDataFrame(List.of(rows), DeltaSchemas.structType(definition)));
    }
}
