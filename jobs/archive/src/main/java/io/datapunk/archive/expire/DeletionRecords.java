package io.datapunk.archive.expire;

import static org.apache.spark.sql.functions.col;

import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.DeltaAppend;
import io.datapunk.lake.delta.DeltaSchemas;
import io.datapunk.lake.delta.DeltaTables;
import io.datapunk.lake.model.table.ArchiveDeletionsTable;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;

/** What of a plan stands in {@code archive.deletions}. For one job at a time. */
final class DeletionRecords {
    private final SparkSession spark;
    private final LakeHome home;
    private final ExpiryPlan plan;

    DeletionRecords(SparkSession spark, LakeHome home, ExpiryPlan plan) {
        this.spark = spark;
        this.home = home;
        this.plan = plan;
        DeltaTables.ensure(spark, home, ArchiveDeletionsTable.DEFINITION);
    }

    /** The subjects that are recorded already. */
    Set<String> subjects() {
        return spark
                .read()
                .format("delta")
                .load(home.tablePath(ArchiveDeletionsTable.DEFINITION.name()))
                .where(col(ArchiveDeletionsTable.PLAN_ID).equalTo(plan.id()))
                .select(ArchiveDeletionsTable.SUBJECT)
                .collectAsList()
                .stream()
                .map(row -> row.getString(0))
                .collect(Collectors.toSet());
    }

    /** @param approvedBy for each of them */
    void append(Map<Deleted, String> approvedBy, Instant now) {
        if (approvedBy.isEmpty()) {
            return;
        }
        List<Row> rows = approvedBy.entrySet().stream()
                .map(entry -> row(entry.getKey(), entry.getValue(), now))
                .toList();
        new DeltaAppend(spark, home)
                .append(
                        ArchiveDeletionsTable.DEFINITION,
                        spark.createDataFrame(rows, DeltaSchemas.structType(ArchiveDeletionsTable.DEFINITION))
                                .coalesce(1));
    }

    private Row row(Deleted deleted, String approvedBy, Instant now) {
        return RowFactory.create(
                plan.id(),
                deleted.subject().kind().name().toLowerCase(Locale.ROOT),
                deleted.subject().name(),
                deleted.retentionClass(),
                deleted.dueAt(),
                approvedBy,
                deleted.rows().isPresent() ? deleted.rows().getAsLong() : null,
                deleted.bytes(),
                deleted.checksum(),
                now,
                now);
    }
}
