package io.datapunk.analytics.report;

import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.date_format;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.max_by;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.to_date;
import static org.apache.spark.sql.functions.when;

import io.datapunk.analytics.report.LakeReport.Advice;
import io.datapunk.analytics.report.LakeReport.Check;
import io.datapunk.analytics.report.LakeReport.Compliance;
import io.datapunk.analytics.report.LakeReport.Drill;
import io.datapunk.analytics.report.LakeReport.Expected;
import io.datapunk.analytics.report.LakeReport.Import;
import io.datapunk.analytics.report.LakeReport.Move;
import io.datapunk.analytics.report.LakeReport.Quarantined;
import io.datapunk.analytics.report.LakeReport.Score;
import io.datapunk.analytics.report.LakeReport.Size;
import io.datapunk.analytics.report.LakeReport.Tuning;
import io.datapunk.analytics.report.LakeReport.Upkeep;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.TableChanges;
import io.datapunk.lake.delta.TableLog;
import io.datapunk.lake.model.table.AccessHoursTable;
import io.datapunk.lake.model.table.AdviceTable;
import io.datapunk.lake.model.table.ArchiveDrillsTable;
import io.datapunk.lake.model.table.ComplianceTable;
import io.datapunk.lake.model.table.ImportJobsTable;
import io.datapunk.lake.model.table.MaintenanceTable;
import io.datapunk.lake.model.table.MovesTable;
import io.datapunk.lake.model.table.ProvenanceColumns;
import io.datapunk.lake.model.table.PublishedColumns;
import io.datapunk.lake.model.table.QualityChecksTable;
import io.datapunk.lake.model.table.QuarantineTable;
import io.datapunk.lake.model.table.StorageTables;
import io.datapunk.lake.model.table.TableDefinition;
import java.sql.Date;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Reads what jobs have written down of themselves. A table that does not exist has no rows. */
final class ReportTables {
    /** More moves than these make the page slow on a phone. [ours] */
    static final int MOST_MOVES = 20_000;

    private static final int MOST_IMPORTS = 5_000;
    private static final Column COMPUTED_AT = col(PublishedColumns.COMPUTED_AT);

    private final SparkSession spark;
    private final LakeHome home;
    private final TableChanges changes;

    ReportTables(SparkSession spark, LakeHome home, TableLog log) {
        this.spark = spark;
        this.home = home;
        this.changes = new TableChanges(log);
    }

    /** By partition's name. */
    Map<String, Long> accesses(Instant since) {
        Map<String, Long> accesses = new HashMap<>();
        read(AccessHoursTable.DEFINITION, rows -> rows.where(
                                col(AccessHoursTable.DAY).geq(date_format(lit(since), "yyyy-MM-dd")))
                        .where(col(AccessHoursTable.HOUR).geq(lit(since)))
                        .groupBy(AccessHoursTable.PARTITION)
                        .agg(sum(AccessHoursTable.ACCESSES)))
                .forEach(row -> accesses.put(row.getString(0), row.getLong(1)));
        return accesses;
    }

    /** The newest first, {@link #MOST_MOVES} at most. */
    List<Move> moves(Instant since) {
        Column at = coalesce(col(MovesTable.ENDED_AT), col(MovesTable.PLANNED_AT));
        return read(
                MovesTable.DEFINITION,
                rows -> rows.where(at.geq(lit(since)))
                        .orderBy(at.desc(), col(MovesTable.PARTITION))
                        .limit(MOST_MOVES)
                        .select(
                                at,
                                col(MovesTable.PARTITION),
                                col(MovesTable.FROM_TIER),
                                col(MovesTable.TO_TIER),
                                col(MovesTable.STATE),
                                col(MovesTable.BYTES),
                                col(MovesTable.REASON),
                                col(MovesTable.ERROR)),
                row -> new Move(
                        instant(row, 0),
                        row.getString(1),
                        row.getString(2),
                        row.getString(3),
                        row.getString(4),
                        row.getLong(5),
                        row.getString(6),
                        row.getString(7)));
    }

    List<Import> imports(Instant since) {
        return read(
                ImportJobsTable.DEFINITION,
                rows -> rows.where(col(ImportJobsTable.STARTED_AT).geq(lit(since)))
                        .orderBy(col(ImportJobsTable.STARTED_AT).desc())
                        .limit(MOST_IMPORTS)
                        .select(
                                ImportJobsTable.STARTED_AT,
                                ImportJobsTable.IMPORT_ID,
                                ImportJobsTable.STATUS,
                                ImportJobsTable.READ,
                                ImportJobsTable.ACCEPTED,
                                ImportJobsTable.DUPLICATES,
                                ImportJobsTable.QUARANTINED,
                                ImportJobsTable.BYTES),
                row -> new Import(
                        instant(row, 0),
                        row.getString(1),
                        row.getString(2),
                        row.getLong(3),
                        row.getLong(4),
                        row.getLong(5),
                        row.getLong(6),
                        row.getLong(7)));
    }

    /** By check and state, whatever their age: what is open stays so until somebody has looked. */
    List<Quarantined> quarantine() {
        Column isOpen = col(QuarantineTable.STATE).equalTo("open");
        return read(
                QuarantineTable.DEFINITION,
                rows -> rows.groupBy(QuarantineTable.CHECK, QuarantineTable.STATE)
                        .agg(
                                count(lit(1)).as("records"),
                                min(when(isOpen, col(ProvenanceColumns.INGESTED_AT))),
                                min(QuarantineTable.REASON))
                        .orderBy(col("records").desc(), col(QuarantineTable.CHECK)),
                row -> new Quarantined(
                        row.getString(0),
                        row.getString(1),
                        row.getLong(2),
                        row.isNullAt(3) ? null : instant(row, 3),
                        row.getString(4)));
    }

    List<Score> scores(Instant since) {
        return read(
                QualityChecksTable.DEFINITION,
                rows -> rows.where(COMPUTED_AT.geq(lit(since)))
                        .groupBy(col(QualityChecksTable.DATASET), COMPUTED_AT)
                        .agg(
                                avg(QualityChecksTable.SCORE),
                                sum(when(col(QualityChecksTable.PASSED), 0L).otherwise(1L)))
                        .orderBy(col(QualityChecksTable.DATASET), COMPUTED_AT),
                row -> new Score(row.getString(0), instant(row, 1), row.getDouble(2), row.getLong(3)));
    }

    /** Of each dataset those that were measured last. */
    List<Check> checks() {
        return read(
                QualityChecksTable.DEFINITION,
                rows -> rows.join(
                                rows.groupBy(QualityChecksTable.DATASET)
                                        .agg(max(COMPUTED_AT).as(PublishedColumns.COMPUTED_AT)),
                                new String[] {QualityChecksTable.DATASET, PublishedColumns.COMPUTED_AT})
                        .orderBy(
                                col(QualityChecksTable.PASSED),
                                col(QualityChecksTable.SCORE),
                                col(QualityChecksTable.DATASET),
                                col(QualityChecksTable.RULE))
                        .select(
                                QualityChecksTable.DATASET,
                                QualityChecksTable.RULE,
                                QualityChecksTable.CHECK_TYPE,
                                QualityChecksTable.PASSED,
                                QualityChecksTable.SCORE,
                                QualityChecksTable.FAILING,
                                QualityChecksTable.DETAIL),
                row -> new Check(
                        row.getString(0),
                        row.getString(1),
                        row.getString(2),
                        row.getBoolean(3),
                        row.getDouble(4),
                        row.<Long>getAs(5),
                        row.getString(6)));
    }

    /** What was measured last on each day, of all but single datasets. */
    List<Size> sizes(Instant since) {
        Column day = to_date(COMPUTED_AT).as(StorageTables.DAY);
        return read(
                StorageTables.MEASURED,
                rows -> rows.where(COMPUTED_AT.geq(lit(since)))
                        .where(col(StorageTables.METRIC).equalTo(StorageTables.BYTES))
                        .where(col(StorageTables.SUBJECT).notEqual("dataset"))
                        .groupBy(col(StorageTables.SUBJECT), col(StorageTables.NAME), day)
                        .agg(max_by(col(StorageTables.VALUE), COMPUTED_AT))
                        .orderBy(StorageTables.SUBJECT, StorageTables.NAME, StorageTables.DAY),
                row -> new Size(row.getString(0), row.getString(1), day(row, 2), row.getDouble(3)));
    }

    List<Expected> expected() {
        return read(
                StorageTables.FORESEEN,
                rows -> rows.orderBy(StorageTables.SUBJECT, StorageTables.NAME, StorageTables.DAY)
                        .select(
                                StorageTables.SUBJECT,
                                StorageTables.NAME,
                                StorageTables.DAY,
                                StorageTables.BYTES,
                                StorageTables.LOW,
                                StorageTables.HIGH,
                                StorageTables.CAPACITY),
                row -> new Expected(
                        row.getString(0),
                        row.getString(1),
                        day(row, 2),
                        row.getDouble(3),
                        row.getDouble(4),
                        row.getDouble(5),
                        row.<Double>getAs(6)));
    }

    /** Of each task the last run that changed anything. */
    List<Upkeep> upkeep() {
        return read(
                MaintenanceTable.DEFINITION,
                rows -> rows.join(
                                rows.groupBy(MaintenanceTable.TASK)
                                        .agg(max(MaintenanceTable.RUN_AT).as(MaintenanceTable.RUN_AT)),
                                new String[] {MaintenanceTable.TASK, MaintenanceTable.RUN_AT})
                        .groupBy(MaintenanceTable.TASK, MaintenanceTable.RUN_AT, MaintenanceTable.FIGURE)
                        .agg(count(lit(1)), sum(MaintenanceTable.BEFORE), sum(MaintenanceTable.AFTER))
                        .orderBy(MaintenanceTable.TASK, MaintenanceTable.FIGURE),
                row -> new Upkeep(
                        row.getString(0),
                        instant(row, 1),
                        row.getString(2),
                        row.getLong(3),
                        row.getDouble(4),
                        row.getDouble(5)));
    }

    /** The newest advice. */
    Tuning tuning() {
        List<Row> found = read(
                AdviceTable.DEFINITION,
                rows -> rows.join(
                        rows.agg(max(AdviceTable.ADVISED_AT).as(AdviceTable.ADVISED_AT)),
                        new String[] {AdviceTable.ADVISED_AT}),
                row -> row);
        return new Tuning(
                found.isEmpty() ? null : instant(found.get(0), found.get(0).fieldIndex(AdviceTable.ADVISED_AT)),
                found.stream()
                        .filter(row -> !row.getAs(AdviceTable.KIND).equals(AdviceTable.NOTHING))
                        .map(row -> new Advice(
                                row.getAs(AdviceTable.KIND),
                                row.getAs(AdviceTable.SUBJECT),
                                row.getAs(AdviceTable.EVIDENCE),
                                row.getAs(AdviceTable.MEASURE),
                                row.<Double>getAs(AdviceTable.BEFORE),
                                row.<Double>getAs(AdviceTable.AFTER),
                                row.getAs(AdviceTable.MEASURED_ON),
                                row.getAs(AdviceTable.STATEMENT)))
                        .sorted(Comparator.comparing(Advice::kind).thenComparing(Advice::subject))
                        .toList());
    }

    /** The last report. */
    List<Compliance> compliance() {
        return read(
                ComplianceTable.DEFINITION,
                rows -> rows.join(
                                rows.agg(max(COMPUTED_AT).as(PublishedColumns.COMPUTED_AT)),
                                new String[] {PublishedColumns.COMPUTED_AT})
                        .orderBy(
                                col(ComplianceTable.IS_FINDING).desc(),
                                col(ComplianceTable.SECTION),
                                col(ComplianceTable.SUBJECT),
                                col(ComplianceTable.MEASURE))
                        .select(
                                COMPUTED_AT,
                                col(ComplianceTable.SECTION),
                                col(ComplianceTable.SUBJECT),
                                col(ComplianceTable.MEASURE),
                                col(ComplianceTable.VALUE),
                                col(ComplianceTable.DETAIL),
                                col(ComplianceTable.IS_FINDING)),
                row -> new Compliance(
                        instant(row, 0),
                        row.getString(1),
                        row.getString(2),
                        row.getString(3),
                        row.<Double>getAs(4),
                        row.getString(5),
                        row.getBoolean(6)));
    }

    Optional<Drill> drill() {
        return read(
                        ArchiveDrillsTable.DEFINITION,
                        rows -> rows.orderBy(col(ArchiveDrillsTable.AT).desc())
                                .limit(1)
                                .select(
                                        ArchiveDrillsTable.AT,
                                        ArchiveDrillsTable.PASSED,
                                        ArchiveDrillsTable.SECONDS,
                                        ArchiveDrillsTable.ALLOWED_SECONDS,
                                        ArchiveDrillsTable.FINDINGS),
                        row -> new Drill(
                                instant(row, 0),
                                row.getBoolean(1),
                                row.getDouble(2),
                                row.getDouble(3),
                                row.getString(4)))
                .stream()
                .findFirst();
    }

    private <T> List<T> read(
            TableDefinition table, Function<Dataset<Row>, Dataset<Row>> query, Function<Row, T> toRecord) {
        return read(table, query).stream().map(toRecord).toList();
    }

    private List<Row> read(TableDefinition table, Function<Dataset<Row>, Dataset<Row>> query) {
        return changes.newest(table.name())
                .map(any -> query.apply(spark.read().format("delta").load(home.tablePath(table.name())))
                        .collectAsList())
                .orElse(List.of());
    }

    private static Instant instant(Row row, int column) {
        Object value = row.get(column);
        return value instanceof Timestamp timestamp ? timestamp.toInstant() : (Instant) value;
    }

    private static LocalDate day(Row row, int column) {
        Object value = row.get(column);
        return value instanceof Date date ? date.toLocalDate() : (LocalDate) value;
    }
}
